#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::{Db, Dependencies, Jobs, Service, Subscriptions};
pub use config::Config;
use kernel::{Clock, Money};
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::limits::Limits;
use crate::domain::shelf::Shelf;
use crate::domain::standing::Most;
use crate::store::Redis;
use crate::usecases::activity::{self, Activity};

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The cart service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    redis: Redis,
    shelf: Arc<Shelf>,
    activity: Activity,
    clock: Arc<dyn Clock>,
    checkouts_per_window: u32,
    limits: Limits,
    most: Most,
}

impl Service for App {
    const NAME: &'static str = "cart";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        let redis = Redis::connect(&config)?;
        redis.refuse_old_stream().await?;
        Ok(Self {
            db: deps.db()?,
            redis,
            shelf: Arc::default(),
            activity: Activity::default(),
            clock: deps.clock,
            checkouts_per_window: config.checkouts_per_window,
            limits: Limits {
                upi: Money::inr(config.upi_max_paise),
                cod: Money::inr(config.cod_max_paise),
            },
            most: Most {
                unpaid: config.unpaid_orders,
                cash: config.cash_orders,
                turned_away: config.cash_turned_away,
            },
        })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        events::subscriptions()
    }

    fn jobs(&self) -> Jobs {
        usecases::jobs(self)
    }

    async fn away(&self) -> Option<&'static str> {
        if self.redis.is_there().await { None } else { Some("redis") }
    }

    async fn background(&self, stop: CancellationToken) -> anyhow::Result<()> {
        activity::keep_emitting(self, stop).await;
        Ok(())
    }
}

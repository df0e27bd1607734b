#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::kafka::Publisher;
use chassis::{Kit, Listeners, Reactions, Service};
pub use config::Config;
use contracts::order::OrderRejected;
use contracts::product::{ProductUpserted, StockLevelChanged};
use contracts::user::AccountUpdated;
use contracts::vendor::VendorChanged;
use kernel::Clock;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::shelf::Shelf;
use crate::store::Redis;
use crate::store::relay::Relay;

/// The cart service.
#[derive(Debug, Clone)]
pub struct App {
    redis: Redis,
    shelf: Arc<Shelf>,
    clock: Arc<dyn Clock>,
    publisher: Publisher,
}

impl Service for App {
    const NAME: &'static str = "cart";
    const MIGRATOR: Option<&'static Migrator> = None;
    type Config = Config;

    async fn build(config: Config, kit: Kit) -> anyhow::Result<Self> {
        let publisher = kit.publisher()?;
        let redis = Redis::connect(&config)?;
        Ok(Self { redis, shelf: Arc::default(), clock: kit.clock, publisher })
    }

    fn routes(&self) -> OpenApiRouter {
        http::router().with_state(self.clone())
    }

    fn listens(&self) -> Listeners {
        Listeners::default()
            .overhear::<ProductUpserted, _>(self)
            .overhear::<StockLevelChanged, _>(self)
            .overhear::<VendorChanged, _>(self)
            .overhear::<AccountUpdated, _>(self)
    }

    fn reacts(&self) -> Reactions {
        Reactions::default().on::<OrderRejected, _>(self)
    }

    async fn beside(&self, stop: CancellationToken) -> anyhow::Result<()> {
        Relay::new(self.redis.clone(), self.publisher.clone()).run(stop).await;
        Ok(())
    }
}

/// The API document of this service.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::router().into_openapi()
}

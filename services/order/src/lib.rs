#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use std::sync::Arc;
use std::time::Duration;

use chassis::{Db, Dependencies, Service, Subscriptions, Timers};
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

pub use crate::config::Config;
use crate::usecases::Changes;

/// The rules that apps/mall holds against those of the other services.
#[doc(hidden)]
pub mod rules {
    pub use crate::domain::order::Method;
    pub use crate::domain::saga::{OrderState, OrderStep};
}

/// The order service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The order service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    config: Arc<Config>,
    changes: Changes,
    longest_hold: Duration,
}

impl Service for App {
    const NAME: &'static str = "order";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        config.check()?;
        // A held request must be answered before the chassis gives it up.
        let longest_hold = Duration::from_secs(deps.common.request_timeout_s.saturating_sub(2));
        Ok(Self {
            db: deps.db()?,
            config: Arc::new(config),
            changes: Changes::until(deps.closing),
            longest_hold,
        })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        events::subscriptions()
    }

    fn timers(&self) -> Timers {
        usecases::timers(self)
    }
}

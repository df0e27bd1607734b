#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
#[doc(hidden)]
pub mod rules;
mod store;
mod usecases;

pub use config::Config;

use chassis::{Db, Dependencies, Service, Subscriptions, Timers};
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The product service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
}

impl Service for App {
    const NAME: &'static str = "product";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(_config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        Ok(Self { db: deps.db()? })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        events::subscriptions()
    }

    fn timers(&self) -> Timers {
        events::timers(self)
    }
}

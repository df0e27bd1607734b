#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use chassis::{Db, Dependencies, Service, Subscriptions};
pub use config::Config;
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The rating service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
}

impl Service for App {
    const NAME: &'static str = "rating";
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
}

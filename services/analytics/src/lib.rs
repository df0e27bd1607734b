#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::{Db, Dependencies, Service, Subscriptions};
pub use config::Config;
use kernel::Clock;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The analytics service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    closing: CancellationToken,
}

impl Service for App {
    const NAME: &'static str = "analytics";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(_config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        Ok(Self { db: deps.db()?, clock: deps.clock, closing: deps.closing })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        events::subscriptions().unhurried()
    }
}

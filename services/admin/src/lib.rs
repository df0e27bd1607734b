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
pub use domain::audit;
use kernel::Clock;
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The admin service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    config: Arc<Config>,
    http: reqwest::Client,
}

impl Service for App {
    const NAME: &'static str = "admin";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        let timeout = std::time::Duration::from_secs(1);
        let http = reqwest::Client::builder().timeout(timeout).build()?;
        Ok(Self { db: deps.db()?, clock: deps.clock, config: Arc::new(config), http })
    }

    fn router() -> OpenApiRouter<Self> {
        http::router()
    }

    fn subscriptions() -> Subscriptions<Self> {
        events::all()
    }
}

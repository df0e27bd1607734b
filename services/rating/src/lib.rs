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
use contracts::admin::ReviewModerated;
use contracts::order::SellerOrderDelivered;
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

    fn routes(&self) -> OpenApiRouter {
        http::router().with_state(self.clone())
    }

    fn subscriptions(&self) -> Subscriptions {
        Subscriptions::default()
            .handle::<SellerOrderDelivered, _>(self)
            .handle::<ReviewModerated, _>(self)
    }
}

/// The API document of this service.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::router().into_openapi()
}

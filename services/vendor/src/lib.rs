#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod provider;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::s3::Bucket;
use chassis::{Db, Dependencies, Jobs, Service, Subscriptions, Timers};
pub use config::Config;
use kernel::Clock;
use provider::Provider;
use sqlx::migrate::Migrator;
use usecases::Seals;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The bucket of what sellers hand in, without the prefix of the mall.
pub const BUCKET: &str = "kyc";

/// The vendor service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    kyc: Bucket,
    seals: Arc<Seals>,
    provider: Arc<Provider>,
    commission_bp: u32,
    clock: Arc<dyn Clock>,
}

impl Service for App {
    const NAME: &'static str = "vendor";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        config.check()?;
        Ok(Self {
            db: deps.db()?,
            kyc: deps.bucket(BUCKET)?,
            seals: Arc::new(Seals::new(&config.pii_seal_key)?),
            provider: Arc::new(Provider::try_new(&config)?),
            commission_bp: config.commission_bp,
            clock: deps.clock.clone(),
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

    fn timers(&self) -> Timers {
        usecases::timers(self)
    }
}

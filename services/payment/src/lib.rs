#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod pdf;
mod provider;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::{Db, Dependencies, Jobs, Service, Subscriptions, Timers};
pub use config::Config;
use config::Settings;
use kernel::Clock;
use paper::Press;
use provider::Provider;
pub use provider::settings::{Settings as ProviderSettings, Which};
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

/// The rules that apps/mall holds against those of the other services.
#[doc(hidden)]
pub mod rules {
    pub use crate::domain::progress::{Known, News, Seen, Sighting, Verdict, judge};
    pub use crate::domain::{Answer, PaymentProgress};
}

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The payment service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    provider: Arc<dyn Provider>,
    press: Press,
    settings: Arc<Settings>,
}

impl Service for App {
    const NAME: &'static str = "payment";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        let provider = provider::open(&config.provider, &deps.common.public_url)?;
        let settings = Arc::new(Settings::of(&config)?);
        // Setting a statement keeps a core busy, hence one at a time.
        let press = Press::open(1, config.east_asian_font.clone())?;
        let (db, clock) = (deps.db()?, deps.clock);
        Ok(Self { db, clock, provider, press, settings })
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

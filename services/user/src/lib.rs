#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod store;
mod usecases;

use std::sync::{Arc, Mutex};

use chassis::auth::{Keyring, Signer};
use chassis::{Db, Dependencies, Service, Subscriptions, Timers};
pub use config::Config;
use config::Settings;
use kernel::Clock;
use sqlx::migrate::Migrator;
use store::codes::Codes;
use utoipa_axum::router::OpenApiRouter;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The user service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    keyring: Keyring,
    codes: Codes,
    settings: Arc<Settings>,
    /// The key used last, unsealed.
    signing: Arc<Mutex<Option<Arc<Signer>>>>,
}

impl Service for App {
    const NAME: &'static str = "user";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        Ok(Self {
            db: deps.db()?,
            clock: deps.clock,
            keyring: deps.keyring,
            codes: Codes::connect(&config)?,
            settings: Arc::new(Settings::of(&config)?),
            signing: Arc::default(),
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

#![doc = include_str!("../README.md")]

mod config;
mod domain;
mod error;
mod events;
mod http;
mod mail;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::{Db, Dependencies, Jobs, Sealer, Service, Subscriptions};
pub use config::Config;
use kernel::Clock;
use sqlx::migrate::Migrator;
use utoipa_axum::router::OpenApiRouter;

use crate::mail::{Mailer, Templates};

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The email service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    code_seal: Arc<Sealer>,
    link_seal: Arc<Sealer>,
    mailer: Mailer,
    templates: Arc<Templates>,
}

impl Service for App {
    const NAME: &'static str = "email";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        config.check()?;
        Ok(Self {
            db: deps.db()?,
            clock: deps.clock,
            code_seal: Arc::new(Sealer::new(&config.code_seal_key)?),
            link_seal: Arc::new(Sealer::new(&config.link_seal_key)?),
            mailer: Mailer::new(&config.smtp_url, &config.from)?,
            templates: Arc::new(Templates::load()?),
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
}

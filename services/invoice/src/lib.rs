#![doc = include_str!("../README.md")]

mod config;
pub mod domain;
mod error;
mod events;
mod http;
pub mod pdf;
mod store;
mod usecases;

use std::sync::Arc;

use chassis::s3::Bucket;
use chassis::{Db, Dependencies, Jobs, Sealer, Service, Subscriptions};
pub use config::Config;
pub use error::Error;
use sqlx::migrate::Migrator;
pub use store::issued::Printed;
pub use usecases::{
    BillCommission, NoteCredit, NumberPart, PrintCommission, PrintCreditNote, PrintInvoice,
    PrintInvoices,
};
use utoipa_axum::router::OpenApiRouter;

use crate::domain::link::LinkKey;
use crate::domain::platform::Platform;
use crate::pdf::Press;

/// The service's tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The bucket of the printed documents.
pub const BUCKET: &str = "invoices";

/// The invoice service.
#[derive(Debug, Clone)]
pub struct App {
    db: Db,
    bucket: Bucket,
    press: Press,
    link_key: Arc<LinkKey>,
    link_seal: Arc<Sealer>,
    public_url: Arc<str>,
    platform: Arc<Platform>,
}

impl Service for App {
    const NAME: &'static str = "invoice";
    const MIGRATOR: Option<&'static Migrator> = Some(&MIGRATOR);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        config.check()?;
        let platform = Arc::new(config.platform()?);
        Ok(Self {
            platform,
            db: deps.db()?,
            bucket: deps.bucket(BUCKET)?,
            press: Press::open(config.renderers, config.east_asian_font)?,
            link_seal: Arc::new(Sealer::new(&config.link_seal_key)?),
            link_key: Arc::new(LinkKey::new(config.link_key)),
            public_url: deps.common.public_url.trim_end_matches('/').into(),
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

//! What a service is to the chassis.

use std::future::Future;
use std::sync::Arc;

use kernel::Clock;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::config::Common;
use crate::db::Db;
use crate::events::subscriptions::Subscriptions;
use crate::http::auth::Keyring;
use crate::http::openapi;
use crate::jobs::runner::Jobs;
use crate::jobs::timers::Timers;
use crate::s3::Bucket;

/// One of the mall's counters: what it needs, what it offers, what it hears and does.
pub trait Service: Clone + Send + Sync + Sized + 'static {
    /// One plain noun: also the prefix of its configuration and the name of its database.
    const NAME: &'static str;
    /// Its tables; `None` for a service without a database.
    const MIGRATOR: Option<&'static Migrator>;
    /// What only this service needs to be told.
    type Config: DeserializeOwned + Send;

    /// Puts the service together. Nothing is served yet, and nothing outside needs to be there.
    fn build(
        config: Self::Config,
        deps: Dependencies,
    ) -> impl Future<Output = anyhow::Result<Self>> + Send;

    /// The entry point of requests: every route, with its documentation.
    fn router() -> OpenApiRouter<Self>;

    /// The API document.
    fn document() -> OpenApi {
        openapi::complete(Self::router().into_openapi())
    }

    /// The entry point of events.
    #[must_use]
    fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::default()
    }

    /// Work outside.
    fn jobs(&self) -> Jobs {
        Jobs::default()
    }

    /// What falls due.
    fn timers(&self) -> Timers {
        Timers::default()
    }

    /// What the service cannot serve without and does not answer just now, besides its database: `/readyz` asks.
    fn away(&self) -> impl Future<Output = Option<&'static str>> + Send {
        async { None }
    }

    /// Anything else that runs beside, until the token is cancelled.
    fn background(
        &self,
        stop: CancellationToken,
    ) -> impl Future<Output = anyhow::Result<()>> + Send {
        async move {
            stop.cancelled().await;
            Ok(())
        }
    }
}

/// What the chassis hands to a service.
#[derive(Debug, Clone)]
pub struct Dependencies {
    /// Its database, if it has one.
    pub db: Option<Db>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The common half of the configuration.
    pub common: Common,
    /// Verifies access tokens.
    pub keyring: Keyring,
    /// Cancelled when the process is asked to end: what holds a connection open lets go then.
    pub closing: CancellationToken,
}

impl Dependencies {
    /// Everything a service is built from.
    #[must_use]
    pub fn new(db: Option<Db>, clock: Arc<dyn Clock>, common: Common, keyring: Keyring) -> Self {
        Self { db, clock, common, keyring, closing: CancellationToken::new() }
    }

    /// The same, told by `closing` when the process is asked to end.
    #[must_use]
    pub fn until(mut self, closing: CancellationToken) -> Self {
        self.closing = closing;
        self
    }

    /// The service's database.
    ///
    /// # Errors
    /// When `MALL__DATABASE_URL` is missing.
    pub fn db(&self) -> anyhow::Result<Db> {
        self.db.clone().ok_or_else(|| anyhow::anyhow!("MALL__DATABASE_URL is missing"))
    }

    /// A bucket of the object store.
    ///
    /// # Errors
    /// When the object store is not configured.
    pub fn bucket(&self, name: &str) -> anyhow::Result<Bucket> {
        Bucket::new(&self.common, name)
    }
}

//! What a service is to the chassis.

use std::future::Future;
use std::sync::Arc;

use kernel::Clock;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::Keyring;
use crate::config::Common;
use crate::db::Db;
use crate::jobs::Jobs;
use crate::kafka::Publisher;
use crate::listeners::Listeners;
use crate::react::Reactions;
use crate::s3::Bucket;
use crate::timers::Timers;

/// One of the mall's counters: what it needs, what it offers, what it hears and does.
pub trait Service: Clone + Send + Sync + Sized + 'static {
    /// One plain noun: also the prefix of its configuration and the name of its database.
    const NAME: &'static str;
    /// Its tables; `None` for a service without a database.
    const MIGRATOR: Option<&'static Migrator>;
    /// What only this service needs to be told.
    type Config: DeserializeOwned + Send;

    /// Puts the service together. Nothing is served yet, and nothing outside needs to be there.
    fn build(config: Self::Config, kit: Kit) -> impl Future<Output = anyhow::Result<Self>> + Send;

    /// Door 1.
    fn routes(&self) -> OpenApiRouter;

    /// Door 2.
    fn listens(&self) -> Listeners {
        Listeners::default()
    }

    /// Door 2 of a service without a database: at least once.
    fn reacts(&self) -> Reactions {
        Reactions::default()
    }

    /// Work outside.
    fn jobs(&self) -> Jobs {
        Jobs::default()
    }

    /// What falls due.
    fn timers(&self) -> Timers {
        Timers::default()
    }

    /// Anything else that runs beside, until the token is cancelled.
    fn beside(&self, stop: CancellationToken) -> impl Future<Output = anyhow::Result<()>> + Send {
        async move {
            stop.cancelled().await;
            Ok(())
        }
    }
}

/// What the chassis hands to a service.
#[derive(Debug, Clone)]
pub struct Kit {
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
    pub(crate) publisher: Publisher,
}

impl Kit {
    /// Everything a service is built from.
    #[must_use]
    pub fn new(
        db: Option<Db>,
        clock: Arc<dyn Clock>,
        common: Common,
        keyring: Keyring,
        publisher: Publisher,
    ) -> Self {
        Self { db, clock, common, keyring, closing: CancellationToken::new(), publisher }
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

    /// The way to the broker, for a service whose outbox is not in `PostgreSQL`.
    ///
    /// # Errors
    /// When the service has a database: it speaks through [`crate::Tx::emit`].
    pub fn publisher(&self) -> anyhow::Result<Publisher> {
        anyhow::ensure!(self.db.is_none(), "a service with a database speaks through its outbox");
        Ok(self.publisher.clone())
    }
}

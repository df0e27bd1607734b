//! The service under test: it writes down what it heard, and misbehaves when told to.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chassis::auth::Keyring;
use chassis::problem::Explained;
use chassis::{
    BatchHandler, Db, Dependencies, EventHandler, Explain, Jobs, Meta, Service, Subscriptions,
    Timers, Tx,
};
use contracts::email::EmailSent;
use contracts::product::StockLevelChanged;
use contracts::vendor::{VendorApproved, VendorRejected, VendorSuspended};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use testkit::sample;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;

use crate::overheard::Levels;
use crate::routes;
use crate::work::{Beat, Overdue, Parcel};

/// Nothing: the tests make the tables, see [`tables`].
static NONE: Migrator =
    Migrator { migrations: std::borrow::Cow::Borrowed(&[]), ..Migrator::DEFAULT };

/// Makes the probe's tables. No constraint hides a second effect.
pub async fn tables(pool: &PgPool) {
    for statement in [
        "create table if not exists applied (nth bigint generated always as identity, event_id uuid not null,
             topic text not null, key text not null, version bigint not null, what text not null)",
        "create table if not exists made (nth bigint generated always as identity, what text not null)",
        "create table if not exists due (what text not null, at timestamptz not null,
             id uuid not null default gen_random_uuid())",
        "create table if not exists rang (nth bigint generated always as identity, what text not null)",
    ] {
        sqlx::query(statement).execute(pool).await.unwrap();
    }
}

/// What a test can do to the probe, and what it can see of it.
#[derive(Debug, Clone)]
pub struct Strings {
    /// Whether what failed before works now.
    pub healed: Arc<AtomicBool>,
    /// How often a handler was entered.
    pub entered: Arc<AtomicUsize>,
    /// A handler that is told to wait takes a permit to go on.
    pub gate: Arc<Semaphore>,
    /// What reached the world outside, in order.
    pub world: Arc<Mutex<Vec<String>>>,
    /// How many jobs are at it now, and how many there were at most.
    pub at_once: Arc<(AtomicUsize, AtomicUsize)>,
    /// How often the timer came round that decides over nothing.
    pub beats: Arc<AtomicUsize>,
    pub levels: Levels,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            healed: Arc::default(),
            entered: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
            world: Arc::default(),
            at_once: Arc::default(),
            beats: Arc::default(),
            levels: Levels::default(),
        }
    }
}

impl Strings {
    pub fn world(&self) -> Vec<String> {
        self.world.lock().unwrap().clone()
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(skip)]
    pub strings: Strings,
}

#[derive(Debug, Clone)]
pub struct Probe {
    pub db: Db,
    pub strings: Strings,
    pub keyring: Keyring,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the probe refuses this")]
    Refused,
    #[error("the probe cannot do this now")]
    Away,
    #[error("the probe cannot do this yet")]
    TooEarly,
    #[error("the probe is broken")]
    Broken,
    #[error("the database failed")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::Refused => (422, "probe/refused", "Refused"),
            Self::Away => (503, "unavailable", "Away"),
            Self::TooEarly => (503, "probe/too-early", "Too early"),
            Self::Broken => (500, "internal", "Broken"),
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::TooEarly)
    }
}

impl Service for Probe {
    const NAME: &'static str = "probe";
    const MIGRATOR: Option<&'static Migrator> = Some(&NONE);
    type Config = Config;

    async fn build(config: Config, deps: Dependencies) -> anyhow::Result<Self> {
        Ok(Self { db: deps.db()?, strings: config.strings, keyring: deps.keyring })
    }

    fn router() -> OpenApiRouter<Self> {
        routes::all()
    }

    fn subscriptions() -> Subscriptions<Self> {
        Subscriptions::default()
            .handle::<VendorSuspended>()
            .handle::<VendorApproved>()
            .handle_batch::<VendorRejected>()
            .handle::<EmailSent>()
            .project::<StockLevelChanged>()
            .in_memory::<StockLevelChanged>()
    }

    fn jobs(&self) -> Jobs {
        Jobs::default().handle::<Parcel, _>(self)
    }

    fn timers(&self) -> Timers {
        Timers::default().handle_each::<Overdue, _>(self).handle::<Beat, _>(self)
    }
}

impl Probe {
    /// Does what the event asks for: misbehave, or write down that it was here.
    async fn take(&self, what: &str, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        self.strings.entered.fetch_add(1, Ordering::SeqCst);
        let healed = self.strings.healed.load(Ordering::SeqCst);
        apply(what, meta, tx).await?;
        match what.split(':').next().unwrap_or_default() {
            "refuse" if !healed => Err(Error::Refused),
            "away" if !healed => Err(Error::Away),
            "early" | "early-then-refused" if !healed => Err(Error::TooEarly),
            "early-then-refused" => Err(Error::Refused),
            "talk" => {
                let display_name = "x".repeat(1_000_000);
                tx.emit(&VendorApproved { display_name, ..sample() });
                Ok(())
            }
            "broken" if !healed => Err(Error::Broken),
            "panic" if !healed => panic!("the probe was told to"),
            "wait" => {
                self.strings.gate.acquire().await.unwrap().forget();
                Ok(())
            }
            "work" => {
                let job = Parcel { what: what.to_owned() };
                Ok(tx.schedule(&job, tx.now()).await?)
            }
            _ => Ok(()),
        }
    }
}

async fn apply(what: &str, meta: &Meta, tx: &mut Tx) -> sqlx::Result<()> {
    sqlx::query(
        "insert into applied (event_id, topic, key, version, what) values ($1, $2, $3, $4, $5)",
    )
    .bind(meta.id.as_uuid())
    .bind(&meta.name)
    .bind(&meta.key)
    .bind(meta.version)
    .bind(what)
    .execute(tx.conn())
    .await
    .map(drop)
}

impl EventHandler<VendorSuspended> for Probe {
    async fn handle(&self, event: VendorSuspended, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        self.take(&event.reason, meta, tx).await
    }
}

impl EventHandler<VendorApproved> for Probe {
    async fn handle(&self, event: VendorApproved, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        self.take(&event.display_name, meta, tx).await
    }
}

impl EventHandler<EmailSent> for Probe {
    async fn handle(&self, event: EmailSent, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        self.take(&event.kind, meta, tx).await
    }
}

impl BatchHandler<VendorRejected> for Probe {
    async fn handle_batch(
        &self,
        events: Vec<(Option<VendorRejected>, Meta)>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        for (event, meta) in events {
            let reason = event.map_or_else(|| "gone".to_owned(), |e| e.reason);
            self.take(&reason, &meta, tx).await?;
        }
        Ok(())
    }
}

impl EventHandler<StockLevelChanged> for Probe {
    async fn handle(
        &self,
        _event: StockLevelChanged,
        meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        Ok(apply("level", meta, tx).await?)
    }

    async fn handle_tombstone(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(apply("gone", meta, tx).await?)
    }
}

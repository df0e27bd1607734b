//! A unit of work: rows, events and jobs in one commit.

use contracts::Event;
use jiff::Timestamp;
use kernel::EventId;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::db::Db;
use crate::problem::Problem;
use crate::telemetry;

mod outbox;
use outbox::write_outbox;

/// What a unit of work came from: joins its events to the same story and the same trace.
#[derive(Debug, Clone, Default)]
pub struct Cause {
    /// The event that is being heard.
    pub event: Option<EventId>,
    /// The story it belongs to (the checkout).
    pub correlation: Option<String>,
    /// W3C trace parent.
    pub traceparent: String,
}

impl Cause {
    /// A cause in the current span, outside of any event.
    #[must_use]
    pub fn from_here() -> Self {
        Self { event: None, correlation: None, traceparent: telemetry::traceparent() }
    }
}

/// Something said within a unit of work, not yet written.
#[derive(Debug)]
struct Emitted {
    id: Uuid,
    topic: &'static str,
    key: String,
    name: &'static str,
    payload: Option<Vec<u8>>,
    cause: Cause,
}

/// The largest event: well below what the broker takes, because one that it refuses would stop its lane for ever.
pub const MAX_EVENT_BYTES: usize = 900_000;

/// Why an event cannot be said.
#[derive(Debug, thiserror::Error)]
enum Unsayable {
    #[error("it is not JSON")]
    Json(#[from] serde_json::Error),
    #[error("{name} is {bytes} bytes long")]
    TooLong { name: &'static str, bytes: usize },
}

/// What to do once a unit of work has been committed.
struct Afterwards(Vec<Box<dyn FnOnce() + Send + Sync>>);

impl std::fmt::Debug for Afterwards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Afterwards").field(&self.0.len()).finish()
    }
}

/// A unit of work. Dropped without [`Tx::commit`], nothing happened and nothing was said.
#[derive(Debug)]
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    db: Db,
    emitted: Vec<Emitted>,
    unsayable: Option<Unsayable>,
    cause: Cause,
    afterwards: Afterwards,
}

impl Db {
    /// Begins a unit of work; events join it.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(Tx {
            inner: self.open().await?,
            db: self.clone(),
            emitted: Vec::new(),
            unsayable: None,
            cause: Cause::from_here(),
            afterwards: Afterwards(Vec::new()),
        })
    }
}

impl Tx {
    /// The connection, for the functions in a service's `store`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// The database it happens in.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Says `event` to the other services, if and only if this transaction commits.
    pub fn emit<E: Event>(&mut self, event: &E) {
        match serde_json::to_vec(event) {
            Ok(payload) if payload.len() > MAX_EVENT_BYTES => {
                self.unsayable = Some(Unsayable::TooLong { name: E::NAME, bytes: payload.len() });
            }
            Ok(payload) => self.push::<E>(event.key(), Some(payload)),
            Err(error) => self.unsayable = Some(error.into()),
        }
    }

    /// Says that the thing `key` of a state topic is gone for good.
    pub fn emit_tombstone<E: Event>(&mut self, key: String) {
        self.push::<E>(key, None);
    }

    fn push<E: Event>(&mut self, key: String, payload: Option<Vec<u8>>) {
        let id = EventId::new().as_uuid();
        let (topic, name, cause) = (E::TOPIC.name, E::NAME, self.cause.clone());
        self.emitted.push(Emitted { id, topic, key, name, payload, cause });
    }

    /// Whether something was ever said about `key` on the topic of `E`. After the database was restored it is true of what
    /// was said since the backup as well, once `mall restored` has counted on.
    pub async fn has_said<E: Event>(&mut self, key: &str) -> sqlx::Result<bool> {
        sqlx::query_scalar(
            "select exists (select from chassis.event_version where topic = $1 and key = $2)",
        )
        .bind(E::TOPIC.name)
        .bind(key)
        .fetch_one(self.conn())
        .await
    }

    /// Runs `then` in this process if and only if this transaction commits. It may be lost with the process: wake
    /// somebody with it, never do work in it.
    pub fn after_commit(&mut self, then: impl FnOnce() + Send + Sync + 'static) {
        self.afterwards.0.push(Box::new(then));
    }

    /// What this unit of work came from.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// From here on, what is said belongs to the trace of `traceparent`: what a stranger reports (a webhook) goes on
    /// with the story that asked for it.
    pub fn continue_trace(&mut self, traceparent: String) {
        if !traceparent.is_empty() {
            self.cause.traceparent = traceparent;
        }
    }

    /// From here on, what is said belongs to `cause`.
    pub(crate) fn set_cause(&mut self, cause: Cause) {
        self.cause = cause;
    }

    /// The service's clock.
    pub fn now(&self) -> Timestamp {
        self.db.clock().now()
    }

    /// The problem of an event that cannot be said, if there was one.
    pub(crate) fn unsayable(&self) -> Option<Problem> {
        let error = self.unsayable.as_ref()?;
        let problem = Problem::new(422, "event/unsayable", "It cannot be said");
        Some(problem.with_detail(error.to_string()))
    }

    /// Writes the events to the outbox and commits both together.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        if let Some(error) = self.unsayable {
            return Err(sqlx::Error::Encode(Box::new(error)));
        }
        let emitted = std::mem::take(&mut self.emitted);
        let speaks = !emitted.is_empty();
        if speaks {
            let now = self.db.clock().now();
            write_outbox(&mut self.inner, emitted, now).await?;
        }
        self.inner.commit().await?;

        self.db.wakers().commits().send_replace(());
        if speaks {
            self.db.wakers().outbox().notify_one();
        }
        for then in self.afterwards.0 {
            then();
        }
        Ok(())
    }
}

//! The service's own database.

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres};

use crate::tx::{Cause, Tx};
use crate::wake::Wakers;

/// The database could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("the database failed")]
pub struct DbError(#[from] pub sqlx::Error);

impl DbError {
    /// Whether the database was away, rather than unwilling.
    #[must_use]
    pub fn is_away(&self) -> bool {
        is_away(&self.0)
    }

    /// Whether a text was refused because it holds what no text can hold.
    pub(crate) fn is_unstorable_text(&self) -> bool {
        // 22021: character not in repertoire; 22P05: untranslatable character.
        let code = self.0.as_database_error().and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|c| c == "22021" || c == "22P05")
    }
}

pub(crate) fn is_away(error: &sqlx::Error) -> bool {
    let unreachable = matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
    );
    // 57P0x: shutting down; 08xxx: connection; 53300: too many connections; 40xxx: please try again;
    // 55P03: lock not available; 25P03: stood idle for too long.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    unreachable
        || code.is_some_and(|c| {
            ["57P0", "08", "40"].iter().any(|class| c.starts_with(class))
                || ["53300", "55P03", "25P03"].contains(&&*c)
        })
}

/// The constraint that a failed statement hit, if that is why it failed.
#[must_use]
pub fn violated(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::constraint)
}

/// A pool of connections to the service's database, and who to wake when something was written.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    clock: Arc<dyn Clock>,
    wakers: Wakers,
}

impl Db {
    /// Connects lazily: a database that is away does not stop the service from starting.
    pub fn connect(
        url: &SecretString,
        max_connections: u32,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DbError> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        // The last one frees the locks of a process that froze in the middle of a transaction.
        let options = options.options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(3))
            .idle_timeout(Duration::from_mins(1))
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Ok(Self::over(pool, clock))
    }

    /// Uses a pool that exists, for example a test's.
    #[must_use]
    pub fn over(pool: PgPool, clock: Arc<dyn Clock>) -> Self {
        Self { pool, clock, wakers: Wakers::default() }
    }

    /// Begins a unit of work; events join it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let inner = match self.pool.begin().await {
            Ok(inner) => inner,
            // A pooled connection may have died with the server; the next one is fresh.
            Err(sqlx::Error::Io(_)) => self.pool.begin().await?,
            Err(other) => return Err(other.into()),
        };
        Ok(Tx::new(inner, self.clone(), Cause::from_here()))
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Postgres>, DbError> {
        Ok(self.pool.acquire().await?)
    }

    /// The pool, for the chassis and for tests.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn wakers(&self) -> &Wakers {
        &self.wakers
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Whether the database answers.
    pub async fn is_there(&self) -> bool {
        sqlx::query("select 1").execute(&self.pool).await.is_ok()
    }
}

//! The service's own database.

use std::io::ErrorKind;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kernel::Clock;
use secrecy::{ExposeSecret, SecretString};
use sqlx::pool::{MaybePoolConnection, PoolConnection, PoolConnectionMetadata};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{self, Explain, Explained};

pub(crate) mod office;
mod wake;

use office::Office;
pub(crate) use wake::Wakers;

/// Away (503), or a fault of ours (500). One fault is the client's: a NUL, which no text in `PostgreSQL` can hold.
impl Explain for sqlx::Error {
    fn explain(&self) -> Explained {
        if is_away(self) {
            problem::UNAVAILABLE
        } else if is_unstorable_text(self) {
            problem::INVALID
        } else {
            problem::INTERNAL
        }
    }

    fn detail(&self) -> Option<String> {
        None
    }
}

fn is_unstorable_text(error: &sqlx::Error) -> bool {
    // 22021: character not in repertoire; 22P05: untranslatable character.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|c| c == "22021" || c == "22P05")
}

/// Whether the database was away, rather than unwilling.
pub(crate) fn is_away(error: &sqlx::Error) -> bool {
    let unreachable = matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
    );
    // 57P0x: shutting down; 08xxx: connection; 53xxx: out of connections, memory or disk; 58xxx: the server's own
    // system; 40xxx: please try again; 55P03: lock not available; 25P03: stood idle for too long; 25006: read only,
    // as a primary is that was taken out of service.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    unreachable
        || code.is_some_and(|c| {
            ["57P0", "08", "40", "53", "58"].iter().any(|class| c.starts_with(class))
                || ["55P03", "25P03", "25006"].contains(&&*c)
        })
}

/// The constraint that a failed statement hit, if that is why it failed.
pub fn violated(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::constraint)
}

/// A connection that stood idle for so long is asked whether it is still there before it is used.
const STALE: Duration = Duration::from_secs(1);
/// Whoever wants a connection waits so long for it.
const WAIT: Duration = Duration::from_secs(3);
/// A connection that nobody waits for any more is made to its end all the same: when many want one after an outage, none
/// would ever be finished otherwise.
const CONNECT: Duration = Duration::from_secs(15);
/// A database that is there says so within this.
const ANSWER: Duration = Duration::from_secs(2);
/// A service that used its database so lately is ready.
const LATELY: Duration = Duration::from_secs(5);
/// Within this a unit of work ends: longer than the longest statement, which the server ends after 15 s.
pub(crate) const UNIT: Duration = Duration::from_secs(20);
/// Connections for what must not wait behind requests and events: leases, timers, readiness.
const UPKEEP: u32 = 2;

/// Which connections are believed. A server that vanished without a word leaves connections that neither work nor end;
/// once one of them is found out, none that was made before is used again.
#[derive(Debug, Default)]
struct Trust {
    doubted: Mutex<Option<Instant>>,
    answered: Mutex<Option<Instant>>,
}

impl Trust {
    fn doubt(&self) {
        note(&self.doubted);
    }

    fn believes(&self, age: Duration) -> sqlx::Result<()> {
        let doubted = *self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        if doubted.is_none_or(|at| at.elapsed() > age) { Ok(()) } else { Err(silent()) }
    }

    /// Whether this connection may be used.
    async fn vet(
        &self,
        conn: &mut PgConnection,
        meta: PoolConnectionMetadata,
    ) -> sqlx::Result<bool> {
        self.believes(meta.age)?;
        if meta.idle_for >= STALE {
            self.ask(conn).await?;
        }
        Ok(true)
    }

    async fn ask(&self, conn: &mut PgConnection) -> sqlx::Result<()> {
        let asked = tokio::time::timeout(ANSWER, conn.ping()).await;
        asked.unwrap_or_else(|_| {
            self.doubt();
            Err(silent())
        })
    }
}

/// Waits for `work`, which goes on when nobody waits any more: who asked may hang up or lose patience, but a connection
/// that is half made is made, and a transaction that is half begun is begun, to be lent to the next or rolled back.
async fn patiently<T: Send + 'static>(
    patience: Duration,
    work: impl Future<Output = sqlx::Result<T>> + Send + 'static,
) -> sqlx::Result<T> {
    match tokio::time::timeout(patience, tokio::spawn(work)).await {
        Ok(done) => done.map_err(|_| sqlx::Error::WorkerCrashed)?,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

fn half(connections: u32) -> usize {
    usize::try_from(connections.div_ceil(2)).unwrap_or(1)
}

fn note(moment: &Mutex<Option<Instant>>) {
    *moment.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

fn silent() -> sqlx::Error {
    std::io::Error::new(ErrorKind::TimedOut, "the database does not answer").into()
}

/// A connection on loan. Whoever drops it in the middle of a statement, for its caller hung up, leaves an answer to wait
/// for before it can be lent again: no longer than a database that is there needs, or a pool is empty for ever.
#[derive(Debug)]
pub struct Loan {
    conn: PoolConnection<Postgres>,
    trust: Arc<Trust>,
}

impl Deref for Loan {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.conn
    }
}

impl DerefMut for Loan {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.conn
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        let (returned, trust) = (self.conn.return_to_pool(), self.trust.clone());
        tokio::spawn(async move {
            if tokio::time::timeout(ANSWER, returned).await.is_err() {
                trust.doubt();
            }
        });
    }
}

/// A pool of connections to the service's database, and who to wake when something was written.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    upkeep: PgPool,
    /// How long somebody waits for a connection.
    patience: Duration,
    trust: Arc<Trust>,
    turns: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    wakers: Wakers,
    office: Office,
}

impl Db {
    /// Connects lazily: a database that is away does not stop the service from starting.
    pub fn connect(
        url: &SecretString,
        max_connections: u32,
        clock: Arc<dyn Clock>,
    ) -> sqlx::Result<Self> {
        let options: PgConnectOptions = url.expose_secret().parse()?;
        // The last one frees the locks of a process that froze in the middle of a transaction.
        let options = options.options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ]);
        let trust = Arc::<Trust>::default();
        let pool = |max_connections| {
            let (before, after) = (trust.clone(), trust.clone());
            PgPoolOptions::new()
                .max_connections(max_connections)
                .acquire_timeout(CONNECT)
                .idle_timeout(Duration::from_mins(1))
                .test_before_acquire(false)
                .before_acquire(move |conn, meta| {
                    let trust = before.clone();
                    Box::pin(async move { trust.vet(conn, meta).await })
                })
                .after_release(move |conn, meta| {
                    let trust = after.clone();
                    Box::pin(async move {
                        trust.believes(meta.age)?;
                        // A transaction was given up, perhaps for want of an answer: the pool itself would wait for ever.
                        if conn.should_flush() {
                            trust.ask(conn).await?;
                        }
                        Ok(true)
                    })
                })
                .connect_lazy_with(options.clone())
        };
        let (upkeep, pool) = (pool(UPKEEP), pool(max_connections));
        Ok(Self { upkeep, trust, patience: WAIT, ..Self::over(pool, clock) })
    }

    /// Uses a pool that exists, for example a test's.
    #[must_use]
    pub fn over(pool: PgPool, clock: Arc<dyn Clock>) -> Self {
        let (upkeep, pool_size) = (pool.clone(), pool.options().get_max_connections());
        Self {
            patience: pool.options().get_acquire_timeout(),
            pool,
            upkeep,
            trust: Arc::default(),
            turns: Arc::new(Semaphore::new(half(pool_size))),
            clock,
            wakers: Wakers::default(),
            office: Office::default(),
        }
    }

    /// The same database, whose writers wake `wakers`.
    #[must_use]
    pub(crate) fn waking(self, wakers: Wakers) -> Self {
        Self { wakers, ..self }
    }

    /// The same database over the few connections that are kept for what must not wait behind requests and events.
    #[must_use]
    pub fn upkeep(&self) -> Self {
        Self { pool: self.upkeep.clone(), ..self.clone() }
    }

    /// Opens a transaction.
    pub(crate) async fn open(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        let opened = match self.try_open().await {
            // The connection had died with the server: the others are doubted now, and the next one is fresh.
            Err(sqlx::Error::Io(_)) => self.try_open().await?,
            opened => opened?,
        };
        note(&self.trust.answered);
        Ok(opened)
    }

    async fn try_open(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        let db = self.clone();
        let begun = patiently(self.patience, async move {
            let conn = MaybePoolConnection::PoolConnection(db.pool.acquire().await?);
            db.within(ANSWER, Transaction::begin(conn, None)).await?
        });
        let begun = begun.await;
        if matches!(begun, Err(sqlx::Error::Io(_))) {
            self.trust.doubt();
        }
        begun
    }

    /// A connection for reading.
    pub async fn read(&self) -> sqlx::Result<Loan> {
        self.lend().await
    }

    /// A connection for one statement.
    pub(crate) async fn lend(&self) -> sqlx::Result<Loan> {
        let (pool, trust) = (self.pool.clone(), self.trust.clone());
        let lent = async move { Ok(Loan { conn: pool.acquire().await?, trust }) };
        patiently(self.patience, lent).await
    }

    /// Does `work` unless it takes longer than `limit`. Then the database is held to have vanished, and no connection
    /// that was made before is used again.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> sqlx::Result<T> {
        // Dropped after the doubt, so that the pool does not wait for its connection.
        let mut work = std::pin::pin!(work);
        tokio::time::timeout(limit, &mut work).await.map_err(|_| {
            self.trust.doubt();
            silent()
        })
    }

    /// Waits until a batch of events may have a connection: half of them are left to those who ask.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        self.turns.clone().acquire_owned().await.ok()
    }

    /// The pool, for what it counts and for tests.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn wakers(&self) -> &Wakers {
        &self.wakers
    }

    pub(crate) fn office(&self) -> &Office {
        &self.office
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Whether the database answered lately, or does now.
    pub async fn is_there(&self) -> bool {
        let answered = *self.trust.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.is_some_and(|at| at.elapsed() < LATELY) {
            return true;
        }
        let asked = self.within(LATELY, sqlx::query("select 1").execute(&self.upkeep)).await;
        let there = matches!(asked, Ok(Ok(_)));
        if there {
            note(&self.trust.answered);
        }
        there
    }
}

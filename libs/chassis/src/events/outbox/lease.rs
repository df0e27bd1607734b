//! Who carries: a lock that lives as long as a session of its own, on which the others leave word.

use sqlx::postgres::{PgListener, PgPoolOptions};

use crate::db::Db;

/// Any number will do that no service takes for its own locks.
const LOCK: i64 = 0x6d61_6c6c_6f75_7462;
const CHANNEL: &str = "chassis_outbox";

/// A session that holds the lock, or would like to.
#[derive(Debug)]
pub(super) struct Lease {
    pub session: PgListener,
}

impl Lease {
    /// Opens the session. A process that froze shows no sign of life for half a minute, and its session ends: what it
    /// had not handed to the broker by then is too old to be handed over when it thaws.
    pub async fn open(db: &Db) -> sqlx::Result<Self> {
        let options = db.pool().connect_options().as_ref().clone();
        let options = options.options([("idle_session_timeout", "30s")]);
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
        let mut session = PgListener::connect_with(&pool).await?;
        session.eager_reconnect(false);
        session.listen(CHANNEL).await?;
        Ok(Self { session })
    }

    /// Takes the lock if it is free. When it is not, and this process has something to say, the holder is told.
    pub async fn take(&mut self, tell: bool) -> sqlx::Result<bool> {
        let ours: bool = sqlx::query_scalar("select pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut self.session)
            .await?;
        if !ours && tell {
            sqlx::query("select pg_notify($1, '')")
                .bind(CHANNEL)
                .execute(&mut self.session)
                .await?;
        }
        Ok(ours)
    }

    /// Waits for word from one who stands by.
    ///
    /// # Errors
    /// The session ended, and the lock with it.
    pub async fn told(&mut self) -> sqlx::Result<()> {
        let gone = || sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into());
        self.session.try_recv().await?.map(drop).ok_or_else(gone)
    }

    /// Ends the session, and with it the hold on the lock.
    pub async fn release(mut self) {
        drop(sqlx::query("select pg_advisory_unlock_all()").execute(&mut self.session).await);
    }
}

//! Throws away what has been remembered for long enough, so that the chassis' tables do not grow for ever.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use tokio_util::sync::CancellationToken;

use crate::db::{Db, UNIT};

/// A producer's duplicate comes within minutes; a database or a broker that was restored says again what the topics
/// still hold.
pub const INBOX: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A client that repeats a request later than this makes a new one.
pub const IDEMPOTENCY: SignedDuration = SignedDuration::from_hours(48);

const EVERY: Duration = Duration::from_mins(10);
/// Rows per statement, so that none holds its locks for long.
const AT_ONCE: i64 = 5_000;

/// What was thrown away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Event ids.
    pub inbox: u64,
    /// Answers.
    pub idempotency: u64,
}

/// Throws away everything that is too old by the clock of `db`.
pub async fn sweep(db: &Db) -> sqlx::Result<Swept> {
    let now = db.clock().now();
    let before = |age| now.checked_sub(age).unwrap_or(Timestamp::MIN);
    let inbox = "delete from chassis.inbox where ctid in
                     (select ctid from chassis.inbox where heard_at < $1 limit $2)";
    let idempotency = "delete from chassis.idempotency where ctid in
                           (select ctid from chassis.idempotency where created_at < $1 limit $2)";
    Ok(Swept {
        inbox: delete(db, inbox, before(INBOX)).await?,
        idempotency: delete(db, idempotency, before(IDEMPOTENCY)).await?,
    })
}

async fn delete(db: &Db, statement: &'static str, before: Timestamp) -> sqlx::Result<u64> {
    let mut gone = 0;
    loop {
        let some = sqlx::query(statement).bind(before.to_sqlx()).bind(AT_ONCE).execute(db.pool());
        let some = db.within(UNIT, some).await??.rows_affected();
        gone += some;
        if some == 0 {
            return Ok(gone);
        }
    }
}

/// Sweeps now and then until `stop`.
pub(crate) async fn run(db: Db, service: &'static str, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        match sweep(&db).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => tracing::debug!(service, ?swept, "old memories were thrown away"),
            Err(error) => {
                tracing::warn!(service, error = %crate::problem::chain(&error), "nothing was swept");
            }
        }
    }
}

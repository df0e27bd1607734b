//! Jobs that were given up, and how they are tried again.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use crate::db::Db;

/// A job that nobody will try again by himself. What it is about stays in the database: it may be personal.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FailedJob {
    /// Which one.
    pub id: Uuid,
    /// What was to be done.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// The problem's slug.
    pub last_error: Option<String>,
    /// When it was given up.
    #[sqlx(try_from = "jiff_sqlx::Timestamp")]
    pub failed_at: Timestamp,
}

/// The jobs that were given up, oldest first.
pub async fn list(db: &Db) -> sqlx::Result<Vec<FailedJob>> {
    sqlx::query_as(
        "select id, kind, attempts, last_error, failed_at
           from chassis.job where failed_at is not null order by failed_at, id",
    )
    .fetch_all(db.pool())
    .await
}

/// Makes a job that was given up due now, as if it had never been tried. Returns its kind, or none where there is no such
/// job. The service looks within ten seconds.
pub async fn again(db: &Db, id: Uuid) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "update chassis.job
            set failed_at = null, last_error = null, attempts = 0, due_at = $2, lease = null, lease_until = null
          where id = $1 and failed_at is not null
      returning kind",
    )
    .bind(id)
    .bind(db.clock().now().to_sqlx())
    .fetch_optional(db.pool())
    .await
}

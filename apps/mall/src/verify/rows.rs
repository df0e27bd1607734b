//! Asking databases in sets: a query answers with sentences, and the rows of one database travel to another as JSON.
//!
//! `now()` in a query is the time of the stack, whose clocks may have been moved on; the database's own was not.

use std::sync::OnceLock;

use jiff::Timestamp;
use kernel::{Clock as _, SystemClock};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};

use crate::clock::StackClock;

/// The clock of the stack that this process looks at; the machine's while there is none.
static CLOCK: OnceLock<StackClock> = OnceLock::new();

/// From now on the time of this stack counts.
pub fn live_by(clock: StackClock) {
    CLOCK.get_or_init(|| clock);
}

/// The time of the stack.
pub fn now() -> anyhow::Result<Timestamp> {
    CLOCK.get().map_or_else(|| Ok(SystemClock.now()), StackClock::now)
}

/// The query by the time of the stack.
fn timed(query: &str) -> AssertSqlSafe<String> {
    let ahead_s = CLOCK.get().and_then(|clock| clock.shift_s().ok()).unwrap_or(0);
    AssertSqlSafe(query.replace("now()", &format!("(now() + interval '{ahead_s} s')")))
}

/// The rows of a query, as a JSON array of objects.
pub async fn list(db: &PgPool, query: &str) -> sqlx::Result<Value> {
    let query = format!("select coalesce(jsonb_agg(to_jsonb(r)), '[]') from ({query}) r");
    sqlx::query_scalar(timed(&query)).fetch_one(db).await
}

/// How many rows a JSON array brings.
#[must_use]
pub fn len(rows: &Value) -> usize {
    rows.as_array().map_or(0, Vec::len)
}

/// How many rows a relation has.
pub async fn count(db: &PgPool, relation: &str) -> sqlx::Result<usize> {
    let query = format!("select count(*) from {relation}");
    let count: i64 = sqlx::query_scalar(timed(&query)).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The sentences that a query answers with: one for each row that is wrong.
pub async fn wrong(db: &PgPool, query: &'static str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timed(query)).fetch_all(db).await
}

/// The same, with rows of another database as `$1`.
pub async fn wrong_beside(
    db: &PgPool,
    query: &'static str,
    others: &Value,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timed(query)).bind(others).fetch_all(db).await
}

/// Those of `ids` that stand in no row's `column`.
pub async fn missing(
    db: &PgPool,
    table: &str,
    column: &str,
    ids: &[uuid::Uuid],
) -> sqlx::Result<Vec<uuid::Uuid>> {
    let query = format!(
        "select id from unnest($1::uuid[]) as ids (id)
          where not exists (select from {table} where {column} = ids.id)"
    );
    sqlx::query_scalar(AssertSqlSafe(query)).bind(ids).fetch_all(db).await
}

//! Asking databases in sets: a query answers with sentences, and the rows of one database travel to another as JSON.
//!
//! The clocks of a stack may have been moved on, the database's own was not: a query takes the time of the stack as a
//! value, and one that asks the database for the time is refused.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};

/// The query, unless it lives by the wrong clock.
fn timeless<Q: AsRef<str>>(query: Q) -> sqlx::Result<Q> {
    if query.as_ref().contains("now()") {
        let error = "the query asks the database for the time, not the stack";
        return Err(sqlx::Error::Configuration(error.into()));
    }
    Ok(query)
}

fn as_list(query: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("select coalesce(jsonb_agg(to_jsonb(r)), '[]') from ({query}) r"))
}

/// The rows of a query, as a JSON array of objects.
pub async fn list(db: &PgPool, query: &str) -> sqlx::Result<Value> {
    sqlx::query_scalar(as_list(timeless(query)?)).fetch_one(db).await
}

/// The same, with the time of the stack as `$1`.
pub async fn list_at(db: &PgPool, query: &str, now: Timestamp) -> sqlx::Result<Value> {
    sqlx::query_scalar(as_list(timeless(query)?)).bind(now.to_sqlx()).fetch_one(db).await
}

/// How many rows a JSON array brings.
pub fn len(rows: &Value) -> usize {
    rows.as_array().map_or(0, Vec::len)
}

/// How many rows a relation has.
pub async fn count(db: &PgPool, relation: &str) -> sqlx::Result<usize> {
    let query = AssertSqlSafe(format!("select count(*) from {}", timeless(relation)?));
    let count: i64 = sqlx::query_scalar(query).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The same, with the time of the stack as `$1`.
pub async fn count_at(db: &PgPool, relation: &str, now: Timestamp) -> sqlx::Result<usize> {
    let query = AssertSqlSafe(format!("select count(*) from {}", timeless(relation)?));
    let count: i64 = sqlx::query_scalar(query).bind(now.to_sqlx()).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The sentences that a query answers with: one for each row that is wrong.
pub async fn wrong(db: &PgPool, query: &'static str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timeless(query)?).fetch_all(db).await
}

/// The same, with the time of the stack as `$1`.
pub async fn wrong_at(
    db: &PgPool,
    query: &'static str,
    now: Timestamp,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timeless(query)?).bind(now.to_sqlx()).fetch_all(db).await
}

/// The sentences, with rows of another database as `$1`.
pub async fn wrong_beside(
    db: &PgPool,
    query: &'static str,
    others: &Value,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timeless(query)?).bind(others).fetch_all(db).await
}

/// The same, with the time of the stack as `$2`.
pub async fn wrong_beside_at(
    db: &PgPool,
    query: &'static str,
    others: &Value,
    now: Timestamp,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(timeless(query)?).bind(others).bind(now.to_sqlx()).fetch_all(db).await
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

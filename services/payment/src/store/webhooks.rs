//! Webhooks as they came, and what became of them.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use strum::IntoStaticStr;

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Outcome {
    /// A payment took it in.
    Taken,
    /// No payment knows what it is about.
    Unmatched,
    /// It needs no act.
    Noted,
    /// It makes no sense.
    Unreadable,
}

/// A webhook to keep.
#[derive(Debug)]
pub struct New<'a> {
    /// The provider's id of the event.
    pub event_id: &'a str,
    /// The kind of event.
    pub event: Option<&'a str>,
    /// What it is about.
    pub provider_order_id: Option<&'a str>,
    pub body: &'a [u8],
    /// What became of it already.
    pub outcome: Option<Outcome>,
}

/// Keeps a webhook, unless it is known. Returns whether it was new.
pub async fn insert(
    conn: &mut PgConnection,
    webhook: &New<'_>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let settled_at = webhook.outcome.map(|_| now.to_sqlx());
    let done = sqlx::query!(
        "insert into webhooks (event_id, event, provider_order_id, body, outcome, received_at, settled_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (event_id) do nothing",
        webhook.event_id,
        webhook.event,
        webhook.provider_order_id,
        webhook.body,
        webhook.outcome.map(|outcome| outcome.into_str()),
        now.to_sqlx(),
        settled_at as _,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Whether the webhook of this id is this one, to the last byte.
pub async fn is_kept(conn: &mut PgConnection, event_id: &str, body: &[u8]) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from webhooks where event_id = $1 and body = $2) as "exists!""#,
        event_id,
        body
    );
    query.fetch_one(conn).await
}

/// Lets everything about one order of the provider take turns until the transaction ends, known here or not.
pub async fn take_turn(conn: &mut PgConnection, provider_order_id: &str) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", provider_order_id)
        .execute(conn)
        .await
        .map(drop)
}

/// The body of a webhook that nobody acted upon yet.
pub async fn find_open(conn: &mut PgConnection, event_id: &str) -> sqlx::Result<Option<Vec<u8>>> {
    let query = sqlx::query_scalar!(
        "select body from webhooks where event_id = $1 and outcome is null",
        event_id
    );
    query.fetch_optional(conn).await
}

/// Webhooks about an order of the provider that came before we knew it, the first one first.
pub async fn list_unmatched(
    conn: &mut PgConnection,
    provider_order_id: &str,
) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    let rows = sqlx::query!(
        "select event_id, body
           from webhooks
          where provider_order_id = $1 and outcome = 'unmatched'
          order by received_at, event_id",
        provider_order_id
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.event_id, row.body)).collect())
}

/// Writes down what became of a webhook.
pub async fn settle(
    conn: &mut PgConnection,
    event_id: &str,
    outcome: Outcome,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update webhooks set outcome = $2, settled_at = $3 where event_id = $1",
        event_id,
        outcome.into_str(),
        now.to_sqlx()
    );
    query.execute(conn).await.and_then(row::one)
}

//! What payment, invoice and email did for an order.

use chassis::Meta;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Money, OrderId};
use sqlx::PgConnection;
use uuid::Uuid;

/// More than happens to any order.
const STEPS: i64 = 1000;

/// One thing that was done for an order.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub order_id: OrderId,
    /// With what: a payment, a refund, a dispute, a document, a message.
    pub subject_id: Uuid,
    pub amount: Option<Money>,
    /// What else there is to say of it in a word or two.
    pub detail: Option<&'a str>,
}

/// The trace in a W3C trace parent: `00-<trace>-<span>-<flags>`.
fn trace_id(traceparent: &str) -> Option<&str> {
    traceparent.split('-').nth(1).filter(|trace| !trace.is_empty())
}

/// Keeps a step, once per event.
pub async fn insert(conn: &mut PgConnection, meta: &Meta, step: Step<'_>) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into order_trail (event_id, order_id, event, subject_id, amount, currency, detail, trace_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
        meta.id.as_uuid(),
        step.order_id.as_uuid(),
        meta.name,
        step.subject_id,
        step.amount.map(Money::minor),
        step.amount.map(|amount| amount.currency().as_str()),
        step.detail,
        trace_id(&meta.traceparent),
        meta.time.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// A step as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub event: String,
    pub subject_id: Uuid,
    /// In minor units.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub detail: Option<String>,
    pub trace_id: Option<String>,
    pub at: Timestamp,
}

/// Everything that was done for an order, oldest first.
pub async fn list(conn: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Kept>> {
    let query = sqlx::query_as!(
        Kept,
        "select event, subject_id, amount, currency, detail, trace_id, at
           from order_trail
          where order_id = $1
          order by at, event_id
          limit $2",
        order.as_uuid(),
        STEPS,
    );
    query.fetch_all(conn).await
}

//! Every step of every order: written once, never changed.

use std::collections::BTreeMap;

use chassis::telemetry;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId};
use sqlx::PgConnection;

use crate::domain::saga::OrderState;
use crate::domain::seller_order::Transition;

/// One step, or a remark when it leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its place in the history.
    pub seq: i64,
    /// Of which seller order; nothing means the order itself.
    pub seller_order_id: Option<SellerOrderId>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// What made it happen.
    pub cause: String,
    /// What else there is to know.
    pub detail: Option<String>,
    /// In which trace it was written; nothing of the steps before traces were kept.
    pub trace_id: Option<String>,
    pub at: Timestamp,
}

/// Why something happened to an order: the event or the request that did it, and when.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// Its name, for the timeline: `payment.captured`, `vendor.accept`.
    pub name: &'a str,
    pub at: Timestamp,
}

/// Writes down that an order went along `path`, starting at `from`.
pub async fn insert_path(
    conn: &mut PgConnection,
    order_id: OrderId,
    from: Option<OrderState>,
    path: &[OrderState],
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let ends: Vec<&str> = path.iter().map(OrderState::into_str).collect();
    let mut starts = vec![from.map(|state| state.into_str())];
    starts.extend(ends.iter().copied().map(Some));
    starts.truncate(path.len());
    let query = sqlx::query!(
        "insert into order_events (order_id, from_state, to_state, cause, at, trace_id)
         select $1, step.from_state, step.to_state, $4, $5, nullif($6, '')
         from unnest($2::text[], $3::text[]) with ordinality as step (from_state, to_state, nth)
         order by step.nth",
        order_id.as_uuid(),
        &starts as _,
        &ends as _,
        cause.name,
        cause.at.to_sqlx(),
        telemetry::trace_id(),
    );
    query.execute(conn).await.map(drop)
}

/// Writes down that all seller orders of an order began.
pub async fn insert_parts_began(
    conn: &mut PgConnection,
    order_id: OrderId,
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into order_events (order_id, seller_order_id, to_state, cause, at, trace_id)
         select order_id, seller_order_id, state, $2, $3, nullif($4, '')
         from seller_orders
         where order_id = $1
         order by position",
        order_id.as_uuid(),
        cause.name,
        cause.at.to_sqlx(),
        telemetry::trace_id(),
    );
    query.execute(conn).await.map(drop)
}

/// What happened to an order: a remark, unless it is a step of one of its seller orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct What<'a> {
    part: Option<SellerOrderId>,
    step: Option<Transition>,
    detail: Option<&'a str>,
}

impl<'a> What<'a> {
    /// It happened to this seller order, which took `step`, if it took one.
    pub fn of(part: SellerOrderId, step: Option<Transition>) -> Self {
        Self { part: Some(part), step, detail: None }
    }

    /// What else there is to know.
    pub const fn saying(self, detail: &'a str) -> Self {
        Self { detail: Some(detail), ..self }
    }
}

/// Writes down what happened to an order or a seller order.
pub async fn insert(
    conn: &mut PgConnection,
    order_id: OrderId,
    what: What<'_>,
    cause: Cause<'_>,
) -> sqlx::Result<()> {
    let What { part, step, detail } = what;
    let query = sqlx::query!(
        "insert into order_events
             (order_id, seller_order_id, from_state, to_state, cause, detail, at, trace_id)
         values ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''))",
        order_id.as_uuid(),
        part.map(|part| part.as_uuid()),
        step.map(|step| step.from.into_str()),
        step.map(|step| step.to.into_str()),
        cause.name,
        detail,
        cause.at.to_sqlx(),
        telemetry::trace_id(),
    );
    query.execute(conn).await.map(drop)
}

/// When the history of an order says to have happened what another service says of `at`. That is another clock, and what is
/// found out late was long ago: it stands behind what is written already, and so it is not before that.
pub async fn moment(
    conn: &mut PgConnection,
    order_id: OrderId,
    at: Timestamp,
    now: Timestamp,
) -> sqlx::Result<Timestamp> {
    let query = sqlx::query_scalar!(
        "select max(at) from order_events where order_id = $1",
        order_id.as_uuid(),
    );
    let last = query.fetch_one(conn).await?;
    let at = at.min(now);
    Ok(last.map_or(at, |last| at.max(last.to_jiff())))
}

/// An order's history from its beginning.
pub async fn list(
    conn: &mut PgConnection,
    order_id: OrderId,
    after: Option<i64>,
    rows: i64,
) -> sqlx::Result<Vec<HistoryEntry>> {
    let query = sqlx::query!(
        "select seq, seller_order_id, from_state, to_state, cause, detail, trace_id, at
         from order_events
         where order_id = $1 and ($2::bigint is null or seq > $2)
         order by seq
         limit $3",
        order_id.as_uuid(),
        after,
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    let entries = rows.into_iter().map(|row| HistoryEntry {
        seq: row.seq,
        seller_order_id: row.seller_order_id,
        from: row.from_state,
        to: row.to_state,
        cause: row.cause,
        detail: row.detail,
        trace_id: row.trace_id,
        at: row.at.to_jiff(),
    });
    Ok(entries.collect())
}

/// When each of an order's seller orders was delivered, of those that were.
pub async fn list_delivered(
    conn: &mut PgConnection,
    order_id: OrderId,
) -> sqlx::Result<BTreeMap<SellerOrderId, Timestamp>> {
    let query = sqlx::query!(
        r#"select seller_order_id as "seller_order_id!: SellerOrderId", max(at) as "at!"
           from order_events
           where order_id = $1 and to_state = 'delivered' and seller_order_id is not null
           group by seller_order_id"#,
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.seller_order_id, row.at.to_jiff())).collect())
}

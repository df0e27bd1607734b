//! What buyers send back, and every step of it.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, ProductId, ReturnId, SellerOrderId, Sku, UserId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::lines;
use super::parts::Owner;
use crate::domain::credit::Pieces;
use crate::domain::returns::{Condition, Parcel, ReturnAct, ReturnReason, ReturnState};
use crate::domain::shipment::{Carrier, TrackingNumber};

/// A return as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnRow {
    pub id: ReturnId,
    pub order_id: OrderId,
    pub seller_order_id: SellerOrderId,
    /// The seller order's number.
    pub number: String,
    pub vendor_id: VendorId,
    pub state: ReturnState,
    pub reason: ReturnReason,
    /// When time takes the next step.
    pub due_at: Option<Timestamp>,
    /// How it came back, once it is credited.
    pub condition: Option<Condition>,
    /// The parcel, once it was sent.
    pub parcel: Parcel,
    pub created_at: Timestamp,
    pub lines: Vec<ReturnLine>,
    pub steps: Vec<ReturnStep>,
}

/// Pieces of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLine {
    pub pieces: Pieces,
    pub sku: Sku,
    pub product_id: ProductId,
    pub title: String,
}

/// A step, and what was said with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnStep {
    pub act: ReturnAct,
    pub to: ReturnState,
    pub words: Option<String>,
    pub at: Timestamp,
}

/// A return that begins.
#[derive(Debug)]
pub struct NewReturn<'a> {
    pub id: ReturnId,
    pub order_id: OrderId,
    pub seller_order_id: SellerOrderId,
    pub vendor_id: VendorId,
    pub reason: ReturnReason,
    pub pieces: &'a [Pieces],
    /// Until when it is answered.
    pub due_at: Timestamp,
    pub at: Timestamp,
}

pub async fn insert(conn: &mut PgConnection, new: &NewReturn<'_>) -> sqlx::Result<()> {
    let positions: Result<Vec<i32>, _> =
        new.pieces.iter().map(|pieces| i32::try_from(pieces.position + 1)).collect();
    let quantities: Result<Vec<i32>, _> =
        new.pieces.iter().map(|pieces| i32::try_from(pieces.quantity)).collect();
    let query = sqlx::query!(
        "with began as (
             insert into returns
                 (return_id, order_id, seller_order_id, vendor_id, reason, state, due_at,
                  created_at, updated_at)
             values ($1, $2, $3, $4, $5, 'requested', $6, $7, $7)
         )
         insert into return_lines (return_id, position, quantity)
         select $1, l.position, l.quantity
         from unnest($8::integer[], $9::integer[]) as l (position, quantity)",
        new.id.as_uuid(),
        new.order_id.as_uuid(),
        new.seller_order_id.as_uuid(),
        new.vendor_id.as_uuid(),
        new.reason.into_str(),
        new.due_at.to_sqlx(),
        new.at.to_sqlx(),
        &row::fit("return_lines.position", positions)?,
        &row::fit("return_lines.quantity", quantities)?,
    );
    query.execute(conn).await.map(drop)
}

/// Where a return goes.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    pub from: ReturnState,
    pub to: ReturnState,
    /// Until when it stands there.
    pub due_at: Option<Timestamp>,
    /// How it came back, if that is known now.
    pub condition: Option<Condition>,
    /// The parcel, if it was sent now.
    pub parcel: &'a Parcel,
    pub at: Timestamp,
}

/// Moves a return from the state it was seen in.
pub async fn set_state(conn: &mut PgConnection, id: ReturnId, step: &Move<'_>) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update returns
         set state = $3, due_at = $4, condition = $5, carrier = coalesce($6, carrier),
             tracking_number = coalesce($7, tracking_number), updated_at = $8
         where return_id = $1 and state = $2",
        id.as_uuid(),
        step.from.into_str(),
        step.to.into_str(),
        step.due_at.map(ToSqlx::to_sqlx),
        step.condition.map(|condition| condition.into_str()),
        step.parcel.carrier.as_ref().map(Carrier::as_str),
        step.parcel.tracking_number.as_ref().map(TrackingNumber::as_str),
        step.at.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Keeps how what a bank settled came back. False if that is known already.
pub async fn receive_settled(
    conn: &mut PgConnection,
    id: ReturnId,
    condition: Condition,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "update returns
         set condition = $2, updated_at = $3
         where return_id = $1 and state = 'settled' and condition is null",
        id.as_uuid(),
        condition.into_str(),
        now.to_sqlx(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a step down.
pub async fn insert_step(
    conn: &mut PgConnection,
    id: ReturnId,
    step: &ReturnStep,
    who: Option<UserId>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into return_steps (return_id, act, to_state, who, words, at)
         values ($1, $2, $3, $4, $5, $6)",
        id.as_uuid(),
        step.act.into_str(),
        step.to.into_str(),
        who.map(|who| who.as_uuid()),
        step.words,
        step.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Whose a return is.
pub async fn find_owner(conn: &mut PgConnection, id: ReturnId) -> sqlx::Result<Option<Owner>> {
    let query = sqlx::query_as!(
        Owner,
        "select order_id, vendor_id from returns where return_id = $1",
        id.as_uuid(),
    );
    query.fetch_optional(conn).await
}

pub async fn find(conn: &mut PgConnection, id: ReturnId) -> sqlx::Result<Option<ReturnRow>> {
    Ok(load(conn, &[id]).await?.pop())
}

/// These returns, in this order.
pub(super) async fn load(
    conn: &mut PgConnection,
    ids: &[ReturnId],
) -> sqlx::Result<Vec<ReturnRow>> {
    let ids: Vec<Uuid> = ids.iter().map(ReturnId::as_uuid).collect();
    let query = sqlx::query!(
        "select r.return_id, r.order_id, r.seller_order_id, s.number, r.vendor_id, r.state, r.reason,
                r.due_at, r.condition, r.carrier, r.tracking_number, r.created_at
         from returns r
         join seller_orders s using (seller_order_id)
         where r.return_id = any($1)
         order by array_position($1, r.return_id)",
        &ids,
    );
    let rows = query.fetch_all(&mut *conn).await?;
    let mut lines = list_lines(conn, &ids).await?;
    let mut steps = list_steps(conn, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let condition = row.condition.map(|word| row::parse("returns.condition", &word));
            Ok(ReturnRow {
                id: row.return_id,
                order_id: row.order_id,
                seller_order_id: row.seller_order_id,
                number: row.number,
                vendor_id: row.vendor_id,
                state: row::parse("returns.state", &row.state)?,
                reason: row::parse("returns.reason", &row.reason)?,
                due_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
                condition: condition.transpose()?,
                parcel: Parcel {
                    carrier: row.carrier.as_deref().map(Carrier::kept),
                    tracking_number: row.tracking_number,
                },
                created_at: row.created_at.to_jiff(),
                lines: lines.remove(&row.return_id).unwrap_or_default(),
                steps: steps.remove(&row.return_id).unwrap_or_default(),
            })
        })
        .collect()
}

async fn list_lines(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<BTreeMap<ReturnId, Vec<ReturnLine>>> {
    let query = sqlx::query!(
        "select r.return_id, l.position, l.quantity, o.sku, o.product_id, o.title
         from return_lines l
         join returns r using (return_id)
         join order_lines o on o.seller_order_id = r.seller_order_id and o.position = l.position
         where l.return_id = any($1)
         order by r.return_id, l.position",
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    let mut lines: BTreeMap<ReturnId, Vec<ReturnLine>> = BTreeMap::new();
    for row in rows {
        let line = ReturnLine {
            pieces: lines::pieces(row.position, row.quantity)?,
            sku: row.sku,
            product_id: row.product_id,
            title: row.title,
        };
        lines.entry(row.return_id).or_default().push(line);
    }
    Ok(lines)
}

async fn list_steps(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<BTreeMap<ReturnId, Vec<ReturnStep>>> {
    let query = sqlx::query!(
        "select return_id, act, to_state, words, at
         from return_steps
         where return_id = any($1)
         order by return_id, seq",
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    let mut steps: BTreeMap<ReturnId, Vec<ReturnStep>> = BTreeMap::new();
    for row in rows {
        let step = ReturnStep {
            act: row::parse("return_steps.act", &row.act)?,
            to: row::parse("return_steps.to_state", &row.to_state)?,
            words: row.words,
            at: row.at.to_jiff(),
        };
        steps.entry(row.return_id).or_default().push(step);
    }
    Ok(steps)
}

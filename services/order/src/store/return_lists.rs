//! Which returns there are: of an order, of a seller, of everybody; which are open, and which are late.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, ReturnId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::lines;
use super::returns::{ReturnRow, load};
use crate::domain::credit::Pieces;
use crate::domain::returns::ReturnState;

/// Whose returns.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Order(OrderId),
    Vendor(VendorId),
}

/// Somebody's returns, newest first; of these states, or all.
pub async fn list_of(
    conn: &mut PgConnection,
    of: Of,
    states: Option<&[ReturnState]>,
    before: Option<ReturnId>,
    rows: i64,
) -> sqlx::Result<Vec<ReturnRow>> {
    let (order, vendor) = match of {
        Of::Order(id) => (Some(id.as_uuid()), None),
        Of::Vendor(id) => (None, Some(id.as_uuid())),
    };
    let words = words(states);
    let query = sqlx::query_scalar!(
        "select return_id
         from returns
         where (order_id = $1 or vendor_id = $2) and ($3::text[] is null or state = any($3))
           and ($4::uuid is null or return_id < $4)
         order by return_id desc
         limit $5",
        order,
        vendor,
        words.as_deref() as _,
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Everybody's returns, oldest first; of these states, or all.
pub async fn list_all(
    conn: &mut PgConnection,
    states: Option<&[ReturnState]>,
    after: Option<ReturnId>,
    rows: i64,
) -> sqlx::Result<Vec<ReturnRow>> {
    let words = words(states);
    let query = sqlx::query_scalar!(
        "select return_id
         from returns
         where ($1::text[] is null or state = any($1)) and ($2::uuid is null or return_id > $2)
         order by return_id
         limit $3",
        words.as_deref() as _,
        after.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

fn words(states: Option<&[ReturnState]>) -> Option<Vec<&'static str>> {
    Some(states?.iter().map(ReturnState::into_str).collect())
}

/// What is being sent back of a seller order, and what its buyer has to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The returns that are not at their end, oldest first.
    pub open: Vec<OpenReturn>,
    /// Their pieces, and those of which a return was refused for good.
    pub pieces: Vec<Pieces>,
}

/// A return that is not at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenReturn {
    pub id: ReturnId,
    pub state: ReturnState,
    /// When time takes the next step.
    pub due_at: Timestamp,
}

/// What is held of an order, by seller order.
pub async fn list_held(
    conn: &mut PgConnection,
    order_id: OrderId,
) -> sqlx::Result<BTreeMap<SellerOrderId, Held>> {
    let query = sqlx::query!(
        "select r.return_id, r.seller_order_id, r.state, r.due_at, l.position, l.quantity
         from returns r
         join return_lines l using (return_id)
         where r.order_id = $1 and (r.due_at is not null or r.state = 'refused_for_good')
         order by r.return_id, l.position",
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let mut held: BTreeMap<SellerOrderId, Held> = BTreeMap::new();
    for row in rows {
        let of_part = held.entry(row.seller_order_id).or_default();
        of_part.pieces.push(lines::pieces(row.position, row.quantity)?);
        let is_known = of_part.open.last().is_some_and(|open| open.id == row.return_id);
        if let Some(due_at) = row.due_at.filter(|_| !is_known) {
            let state = row::parse("returns.state", &row.state)?;
            of_part.open.push(OpenReturn { id: row.return_id, state, due_at: due_at.to_jiff() });
        }
    }
    Ok(held)
}

/// The open returns of an order, oldest first.
pub async fn list_open(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<Vec<ReturnRow>> {
    let query = sqlx::query_scalar!(
        "select return_id
         from returns
         where order_id = $1 and due_at is not null
         order by return_id",
        order_id.as_uuid(),
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Up to a hundred returns whose time is over, without `except`.
pub async fn list_due(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<ReturnId>> {
    let query = sqlx::query_scalar!(
        "select return_id
         from returns
         where due_at <= $1 and return_id <> all($2)
         order by due_at
         limit 100",
        now.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

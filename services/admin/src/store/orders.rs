//! Orders, for looking up.

use chassis::row;
use contracts::order::{OrderFact, SellerPart};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId, india};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::part::PartStatus;

/// A status of an order and its rank: a later one never gives way to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    status: &'static str,
    rank: i16,
}

/// Exists; nothing is held or paid.
pub const PLACED: Ranked = Ranked { status: "placed", rank: 1 };
/// Paid, or cash on delivery accepted.
pub const CONFIRMED: Ranked = Ranked { status: "confirmed", rank: 2 };
/// Could not become an order.
pub const REJECTED: Ranked = Ranked { status: "rejected", rank: 9 };
/// Ended without being supplied.
pub const CANCELLED: Ranked = Ranked { status: "cancelled", rank: 9 };

/// Keeps an order and its parts as placed; twice is once.
pub async fn insert(conn: &mut PgConnection, order: &OrderFact) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into orders (id, number, buyer_id, total, currency, status, rank, day, placed_at)
         values ($1, $2, $3, $4, $5, $6, $7, ($8::text)::date, $9)
         on conflict do nothing",
        order.order_id.as_uuid(),
        order.number,
        order.buyer.as_uuid(),
        order.total.minor(),
        order.total.currency().as_str(),
        PLACED.status,
        PLACED.rank,
        india::day(order.placed_at).to_string(),
        order.placed_at.to_sqlx(),
    );
    query.execute(&mut *conn).await?;
    for part in &order.parts {
        insert_part(conn, order.order_id, part).await?;
    }
    Ok(())
}

async fn insert_part(conn: &mut PgConnection, id: OrderId, part: &SellerPart) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into order_parts (id, order_id, number, vendor_id, vendor_name, total, status, rank)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict do nothing",
        part.seller_order_id.as_uuid(),
        id.as_uuid(),
        part.number,
        part.vendor_id.as_uuid(),
        part.vendor_name,
        part.total.minor(),
        PartStatus::Pending.into_str(),
        PartStatus::Pending.rank(),
    );
    query.execute(conn).await.map(drop)
}

pub async fn set_status(conn: &mut PgConnection, order: OrderId, to: Ranked) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update orders set status = $2, rank = $3 where id = $1 and rank < $3",
        order.as_uuid(),
        to.status,
        to.rank,
    );
    query.execute(conn).await.map(drop)
}

pub async fn move_part(
    conn: &mut PgConnection,
    id: SellerOrderId,
    to: PartStatus,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update order_parts set status = $2, rank = $3 where id = $1 and rank < $3",
        id.as_uuid(),
        to.into_str(),
        to.rank(),
    );
    query.execute(conn).await.map(drop)
}

/// A buyer's bank paid a part back that was sent: what is on its way ends there, and what its buyer has stays where it is.
pub async fn settle_sent_part(conn: &mut PgConnection, id: SellerOrderId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update order_parts set status = $2, rank = $3 where id = $1 and rank < $4",
        id.as_uuid(),
        PartStatus::Lost.into_str(),
        PartStatus::Lost.rank(),
        PartStatus::Delivered.rank(),
    );
    query.execute(conn).await.map(drop)
}

/// The parts of an order end with it.
pub async fn cancel_parts(conn: &mut PgConnection, order: OrderId) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update order_parts set status = $2, rank = $3 where order_id = $1 and rank < $3",
        order.as_uuid(),
        PartStatus::Cancelled.into_str(),
        PartStatus::Cancelled.rank(),
    );
    query.execute(conn).await.map(drop)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: Uuid,
    pub number: String,
    pub buyer_id: Uuid,
    /// Over how much, minor units.
    pub total: i64,
    pub currency: String,
    pub status: String,
    pub placed_at: Timestamp,
}

/// Orders, newest first, after the one given.
pub async fn list(
    conn: &mut PgConnection,
    number: Option<&str>,
    status: Option<&str>,
    after: Option<Uuid>,
    rows: i64,
) -> sqlx::Result<Vec<Order>> {
    let query = sqlx::query_as!(
        Order,
        "select id, number, buyer_id, total, currency, status, placed_at
           from orders
          where ($1::text is null or number = $1) and ($2::text is null or status = $2)
            and ($3::uuid is null or id < $3)
          order by id desc
          limit $4",
        number,
        status,
        after,
        rows,
    );
    query.fetch_all(conn).await
}

/// The number of an order, if it was heard of.
pub async fn find_number(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select number from orders where id = $1", id.as_uuid())
        .fetch_optional(conn)
        .await
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub id: Uuid,
    pub order_id: Uuid,
    pub number: String,
    pub vendor_id: Uuid,
    pub vendor_name: String,
    /// Over how much, minor units.
    pub total: i64,
    pub status: PartStatus,
}

pub async fn list_parts(conn: &mut PgConnection, orders: &[Uuid]) -> sqlx::Result<Vec<Part>> {
    let query = sqlx::query!(
        "select id, order_id, number, vendor_id, vendor_name, total, status
           from order_parts
          where order_id = any($1)
          order by number",
        orders,
    );
    let parts = query.fetch_all(conn).await?.into_iter().map(|row| {
        Ok(Part {
            id: row.id,
            order_id: row.order_id,
            number: row.number,
            vendor_id: row.vendor_id,
            vendor_name: row.vendor_name,
            total: row.total,
            status: row::parse("order_parts.status", &row.status)?,
        })
    });
    parts.collect()
}

/// Numbers of all days and of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    pub placed: i64,
    /// Orders placed on the day.
    pub placed_today: i64,
    /// What confirmed orders of the day come to, minor units.
    pub gross_today: i64,
}

/// What the dashboard says of orders.
pub async fn numbers(conn: &mut PgConnection, today: jiff::civil::Date) -> sqlx::Result<Numbers> {
    let query = sqlx::query_as!(
        Numbers,
        r#"select count(*) as "placed!",
                  count(*) filter (where day = ($1::text)::date) as "placed_today!",
                  coalesce(sum(total) filter (where day = ($1::text)::date and status = 'confirmed'), 0)::bigint
                      as "gross_today!"
             from orders"#,
        today.to_string(),
    );
    query.fetch_one(conn).await
}

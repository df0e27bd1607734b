//! Which seller orders were shipped, so that each counts once, and those that came before their commit.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, SellerOrderId};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::demand::Demand;

/// Notes a parcel down. Returns whether it is news.
pub async fn insert(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    seller_order_id: SellerOrderId,
    contents: &Demand,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into shipments (seller_order_id, checkout_id, lines, created_at)
         values ($1, $2, $3, $4)
         on conflict (seller_order_id) do nothing",
        seller_order_id.as_uuid(),
        checkout_id.as_uuid(),
        Json(contents) as _,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Parcels of a checkout that left before their pieces were sold.
pub async fn list_waiting(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
) -> sqlx::Result<Vec<(SellerOrderId, Demand)>> {
    let rows = sqlx::query!(
        "select seller_order_id, lines
           from shipments
          where checkout_id = $1 and applied_at is null
          order by seller_order_id",
        checkout_id.as_uuid(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller_order_id, row.lines.0)).collect())
}

/// The pieces of a parcel have left the books.
pub async fn set_applied(
    conn: &mut PgConnection,
    seller_order_id: SellerOrderId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update shipments set applied_at = $2 where seller_order_id = $1 and applied_at is null",
        seller_order_id.as_uuid(),
        now.to_sqlx(),
    )
    .execute(conn)
    .await
    .and_then(row::one)
}

//! A copy of which parcels reached their buyers.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::SellerOrderId;
use sqlx::PgConnection;

/// Keeps that a parcel arrived. It arrives once, so no version can be older.
pub async fn insert(
    conn: &mut PgConnection,
    seller_order: SellerOrderId,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into deliveries (seller_order_id, delivered_at) values ($1, $2) on conflict do nothing",
        seller_order.as_uuid(),
        at.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

/// Whether a parcel arrived.
pub async fn exists(conn: &mut PgConnection, seller_order: SellerOrderId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from deliveries where seller_order_id = $1) as "exists!""#,
        seller_order.as_uuid()
    );
    query.fetch_one(conn).await
}

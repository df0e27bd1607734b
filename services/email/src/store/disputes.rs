//! Of which orders a buyer's bank asks money back, or took it.

use kernel::{DisputeId, OrderId};
use sqlx::PgConnection;

/// A bank asks for what was paid for an order.
pub async fn insert(
    conn: &mut PgConnection,
    dispute: DisputeId,
    order: OrderId,
) -> sqlx::Result<()> {
    let (dispute, order) = (dispute.as_uuid(), order.as_uuid());
    let query = sqlx::query!(
        "insert into disputes (dispute_id, order_id) values ($1, $2) on conflict do nothing",
        dispute,
        order,
    );
    query.execute(conn).await.map(drop)
}

/// The money stays.
pub async fn delete(conn: &mut PgConnection, dispute: DisputeId) -> sqlx::Result<()> {
    let query = sqlx::query!("delete from disputes where dispute_id = $1", dispute.as_uuid());
    query.execute(conn).await.map(drop)
}

/// Whether a bank asks for what was paid for an order, or took it.
pub async fn any(conn: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from disputes where order_id = $1) as "any!""#,
        order.as_uuid(),
    );
    query.fetch_one(conn).await
}

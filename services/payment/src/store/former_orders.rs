//! Names that the provider had for a payment before: an order there for which wrong money came is not paid any more.

use kernel::PaymentId;
use sqlx::PgConnection;

/// Keeps a name that a payment had.
pub async fn insert(
    conn: &mut PgConnection,
    provider_order_id: &str,
    payment: PaymentId,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into former_orders (provider_order_id, payment_id) values ($1, $2) on conflict do nothing",
        provider_order_id,
        payment.as_uuid(),
    );
    query.execute(conn).await.map(drop)
}

/// The names that a payment had before.
pub async fn list(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Vec<String>> {
    let query = sqlx::query_scalar!(
        "select provider_order_id from former_orders where payment_id = $1",
        payment.as_uuid()
    );
    query.fetch_all(conn).await
}

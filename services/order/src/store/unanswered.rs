//! Orders that shall end, and how often payment-service was asked again whether they may.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::OrderId;
use sqlx::PgConnection;

/// How often it was time to ask again about an order that is locked.
pub async fn find_asks(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<i16> {
    sqlx::query_scalar!("select asks from orders where order_id = $1", order_id.as_uuid())
        .fetch_one(conn)
        .await
}

/// Writes down that it was time once more, and when it is again. A client sees nothing of it.
pub async fn set_asks(
    conn: &mut PgConnection,
    order_id: OrderId,
    asks: i16,
    due_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update orders set asks = $2, due_at = $3 where order_id = $1 and state = 'cancel_pending'",
        order_id.as_uuid(),
        asks,
        due_at.map(ToSqlx::to_sqlx),
    );
    query.execute(conn).await.and_then(row::one)
}

/// How many orders were asked about more than `asks` times, and still shall end.
pub async fn count(conn: &mut PgConnection, asks: i16) -> sqlx::Result<i64> {
    let query = sqlx::query_scalar!(
        r#"select count(*) as "orders!" from orders where state = 'cancel_pending' and asks > $1"#,
        asks
    );
    query.fetch_one(conn).await
}

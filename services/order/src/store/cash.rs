//! Cash that was taken at the door, as payment-service tells of it: perhaps twice.

use contracts::payment::CodCollected;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

/// What the timeline calls it.
pub const CAUSE: &str = "payment.cod_collected";

/// Keeps that the cash for a seller order was taken. What was heard first counts.
pub async fn put(conn: &mut PgConnection, cash: &CodCollected) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into cash_copies (seller_order_id, order_id, amount, currency, at)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        cash.seller_order_id.as_uuid(),
        cash.payment.order_id.as_uuid(),
        cash.collected.minor(),
        cash.collected.currency().as_str(),
        cash.payment.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Whether the history of its order, which is here, does not say so yet.
pub async fn is_new(conn: &mut PgConnection, cash: &CodCollected) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from seller_orders where seller_order_id = $1 and order_id = $2)
                  and not exists (select from order_events
                                  where order_id = $2 and seller_order_id = $1 and cause = $3) as "new!""#,
        cash.seller_order_id.as_uuid(),
        cash.payment.order_id.as_uuid(),
        CAUSE,
    );
    query.fetch_one(conn).await
}

//! Which credits were acted on, so that each counts once.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, CreditId, SellerOrderId};
use sqlx::PgConnection;

/// Notes a credit down. Returns whether it is news.
pub async fn insert(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    seller_order_id: SellerOrderId,
    credit_id: CreditId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into credits_seen (credit_id, seller_order_id, checkout_id, created_at)
         values ($1, $2, $3, $4)
         on conflict (credit_id) do nothing",
        credit_id.as_uuid(),
        seller_order_id.as_uuid(),
        checkout_id.as_uuid(),
        now.to_sqlx(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

//! What was taken back of seller orders, once each.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, PaymentId};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::Share;

/// The buyer has the money of this credit already: the bank took it.
pub async fn mark_disputed(conn: &mut PgConnection, credit: CreditId) -> sqlx::Result<()> {
    sqlx::query!("update credits set disputed = true where credit_id = $1", credit.as_uuid())
        .execute(conn)
        .await
        .and_then(row::one)
}

/// Keeps a credit. Returns whether it was new.
pub async fn insert(
    conn: &mut PgConnection,
    credit: CreditId,
    payment: PaymentId,
    back: &Share,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into credits (credit_id, payment_id, seller_order_id, amount, currency, taxable, terms, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (credit_id) do nothing",
        credit.as_uuid(),
        payment.as_uuid(),
        back.seller_order_id.as_uuid(),
        back.gross.minor(),
        back.gross.currency().as_str(),
        back.taxable.minor(),
        back.terms.map(Json) as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

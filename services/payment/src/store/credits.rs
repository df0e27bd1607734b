//! What was taken back of seller orders, once each.

use chassis::row;
use contracts::order::CreditCause;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, Money, PaymentId};
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

/// This much income tax of what is taken back was charged, for the year of its sale is over.
pub async fn mark_charged(
    conn: &mut PgConnection,
    credit: CreditId,
    tds: Money,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update credits set charged_tds = $2 where credit_id = $1",
        credit.as_uuid(),
        tds.minor()
    );
    query.execute(conn).await.and_then(row::one)
}

/// Keeps a credit. Returns whether it was new.
pub async fn insert(
    conn: &mut PgConnection,
    credit: CreditId,
    payment: PaymentId,
    back: &Share,
    cause: CreditCause,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into credits (credit_id, payment_id, seller_order_id, amount, currency, taxable, terms, created_at, cause)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (credit_id) do nothing",
        credit.as_uuid(),
        payment.as_uuid(),
        back.seller_order_id.as_uuid(),
        back.gross.minor(),
        back.gross.currency().as_str(),
        back.taxable.minor(),
        back.terms.map(Json) as _,
        now.to_sqlx(),
        word(cause)?,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// As events have it.
fn word(cause: CreditCause) -> sqlx::Result<String> {
    let word = serde_json::to_value(cause).and_then(serde_json::from_value);
    word.map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

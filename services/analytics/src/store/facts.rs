//! Facts that stand alone. Each says whether it was new.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Money, PaymentId, ReviewId, SellerOrderId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

/// Keeps that money came: for a whole payment, or in cash for one seller order of it.
pub async fn insert_payment(
    conn: &mut PgConnection,
    (payment, part): (PaymentId, Option<SellerOrderId>),
    amount: Money,
    on: Date,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payment_facts (payment_id, seller_order_id, collected_on, currency, amount)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        payment.as_uuid(),
        part.map_or(Uuid::nil(), |part| part.as_uuid()),
        on.to_sqlx() as _,
        amount.currency().as_str(),
        amount.minor(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps that a review was published for the first time.
pub async fn insert_review(conn: &mut PgConnection, id: ReviewId, on: Date) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into review_facts (review_id, published_on) values ($1, $2) on conflict do nothing",
        id.as_uuid(),
        on.to_sqlx() as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps that something went into a cart. True when it was the first thing that went into it that day.
pub async fn insert_addition(
    conn: &mut PgConnection,
    (cart, version): (Uuid, i64),
    on: Date,
) -> sqlx::Result<bool> {
    let first = sqlx::query_scalar!(
        r#"select not exists (select 1 from addition_facts where cart = $1 and added_on = $2) as "first!""#,
        cart,
        on.to_sqlx() as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    let done = sqlx::query!(
        "insert into addition_facts (cart, cart_version, added_on)
         values ($1, $2, $3)
         on conflict do nothing",
        cart,
        version,
        on.to_sqlx() as _,
    )
    .execute(conn)
    .await?;
    Ok(first && done.rows_affected() > 0)
}

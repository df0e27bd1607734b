//! Facts that stand alone. Each says whether it was new.

use contracts::order::{CreditCause, SellerOrderCredited};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Money, PaymentId, RefundId, ReviewId, SellerOrderId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

/// Keeps that money came: for a whole payment, or in cash for one seller order of it.
pub async fn insert_payment(
    conn: &mut PgConnection,
    payment: PaymentId,
    part: Option<SellerOrderId>,
    amount: Money,
    on: Date,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into payment_facts (payment_id, seller_order_id, collected_on, currency, amount)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        payment.as_uuid(),
        part.map_or(Uuid::nil(), |part| part.as_uuid()),
        on.to_sqlx(),
        amount.currency().as_str(),
        amount.minor(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// The word by which the contract writes a cause.
fn word(cause: CreditCause) -> sqlx::Result<String> {
    let word = serde_json::to_value(cause).and_then(serde_json::from_value);
    word.map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// Keeps what was taken back of a seller order.
pub async fn insert_credit(
    conn: &mut PgConnection,
    credit: &SellerOrderCredited,
    units: i64,
    on: Date,
) -> sqlx::Result<bool> {
    let (share, cause) = (&credit.share, word(credit.cause)?);
    let query = sqlx::query!(
        "insert into credit_facts
             (credit_id, seller_order_id, vendor_id, credited_on, currency, units, gross, payable, cause)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict do nothing",
        credit.credit_id.as_uuid(),
        credit.seller_order.seller_order_id.as_uuid(),
        credit.seller_order.vendor_id.as_uuid(),
        on.to_sqlx(),
        share.gross.currency().as_str(),
        units,
        share.gross.minor(),
        share.payable.minor(),
        cause,
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps that money is back with a buyer.
pub async fn insert_refund(
    conn: &mut PgConnection,
    refund: RefundId,
    amount: Money,
    on: Date,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into refund_facts (refund_id, refunded_on, currency, amount)
         values ($1, $2, $3, $4)
         on conflict do nothing",
        refund.as_uuid(),
        on.to_sqlx(),
        amount.currency().as_str(),
        amount.minor(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps that a review was published for the first time.
pub async fn insert_review(conn: &mut PgConnection, id: ReviewId, on: Date) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into review_facts (review_id, published_on) values ($1, $2) on conflict do nothing",
        id.as_uuid(),
        on.to_sqlx(),
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Something that went into a cart: the cart, its version then, and the day.
pub type Addition = (Uuid, i64, Date);

/// Keeps that something went into carts. For each day, how many carts it was the first thing for.
pub async fn insert_additions(
    conn: &mut PgConnection,
    additions: &[Addition],
) -> sqlx::Result<Vec<(Date, i64)>> {
    let carts: Vec<Uuid> = additions.iter().map(|a| a.0).collect();
    let versions: Vec<i64> = additions.iter().map(|a| a.1).collect();
    let days: Vec<jiff_sqlx::Date> = additions.iter().map(|a| a.2.to_sqlx()).collect();
    let query = sqlx::query!(
        r#"with kept as (
               insert into addition_facts (cart, cart_version, added_on)
               select * from unnest((select $1::uuid[]), (select $2::bigint[]), (select $3::date[]))
               on conflict do nothing
               returning cart, added_on
           )
           select k.added_on, count(distinct k.cart) as "carts!"
             from kept k
            where not exists (select from addition_facts f where f.cart = k.cart and f.added_on = k.added_on)
            group by k.added_on"#,
        &carts,
        &versions,
        &days as _,
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.added_on.to_jiff(), row.carts)).collect())
}

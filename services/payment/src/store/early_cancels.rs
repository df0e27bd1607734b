//! Wishes to cancel that overtook the wish to create.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::PaymentId;
use sqlx::PgConnection;

/// Remembers that a payment nobody knows yet is to be given up.
pub async fn insert(
    conn: &mut PgConnection,
    payment: PaymentId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into early_cancels (payment_id, created_at) values ($1, $2) on conflict do nothing",
        payment.as_uuid(),
        now.to_sqlx()
    );
    query.execute(conn).await.map(drop)
}

/// Whether a payment was given up before it was known.
pub async fn exists(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from early_cancels where payment_id = $1) as "exists!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

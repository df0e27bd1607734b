//! Where buyers want back what cannot go where it came from, sealed. Whoever changes one has locked its payment.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{PaymentId, UserId};
use sqlx::PgConnection;

/// An account as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub sealed: String,
    pub edition: i32,
    pub given_at: Timestamp,
}

/// The account of a payment, if its buyer gave one.
pub async fn find(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Option<Kept>> {
    let query = sqlx::query!(
        "select sealed, edition, given_at from refund_accounts where payment_id = $1",
        payment.as_uuid()
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| Kept {
        sealed: row.sealed,
        edition: row.edition,
        given_at: row.given_at.to_jiff(),
    }))
}

/// Keeps an account in place of the one before. What was paid to an edition keeps it, also when the one that it was is lost.
pub async fn upsert(
    conn: &mut PgConnection,
    payment: PaymentId,
    buyer: UserId,
    sealed: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into refund_accounts as a (payment_id, buyer, sealed, edition, given_at)
         values ($1, $2, $3,
                 (select coalesce(max(paid_to), 0) + 1 from refunds where payment_id = $1), $4)
         on conflict (payment_id) do update
            set sealed = excluded.sealed, edition = a.edition + 1, given_at = excluded.given_at",
        payment.as_uuid(),
        buyer.as_uuid(),
        sealed,
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Whether a refund of a payment waits that the provider will not do.
pub async fn is_awaited(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (
               select from refunds where payment_id = $1 and status = 'stuck') as "is_awaited!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// Whether somebody says that money of a payment was paid out to it, and nobody else has agreed so far.
pub async fn is_being_paid(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (
               select from refunds
                where payment_id = $1 and reported_by is not null
                  and (status = 'stuck' or (status = 'by_hand' and provider_payment_id is null))) as "is_being_paid!""#,
        payment.as_uuid()
    );
    query.fetch_one(conn).await
}

/// Deletes the accounts of those who asked to be forgotten, but for those that a refund waits for, and of orders of which
/// something may still come back.
pub async fn forget(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let query = sqlx::query!(
        "delete from refund_accounts a
          using erased_buyers e, payments p
          where e.user_id = a.buyer and p.payment_id = a.payment_id
            and not exists (
                select from refunds r
                 where r.payment_id = a.payment_id
                   and (r.status = 'stuck'
                        or (r.provider_payment_id is null and r.status in ('proposed', 'by_hand'))))
            and not (p.status in ('cod_accepted', 'cod_collected') and exists (
                select from shares s
                 where s.payment_id = a.payment_id and s.completed_at is null and s.credited_gross < s.gross))",
    );
    query.execute(conn).await.map(|done| done.rows_affected())
}

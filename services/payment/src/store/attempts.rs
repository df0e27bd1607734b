//! Attempts to pay at the provider.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, PaymentId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::AttemptStatus;
use crate::domain::progress::{Booking, Known, Seen, Sighting};

/// An attempt as it is kept.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The provider's name for it.
    pub provider_payment_id: String,
    /// How far it has come.
    pub status: AttemptStatus,
    pub amount: Money,
    pub reason: Option<String>,
    /// When it was first heard of.
    pub created_at: Timestamp,
}

struct Row {
    provider_payment_id: String,
    status: String,
    amount: i64,
    currency: Currency,
    reason: Option<String>,
    created_at: Timestamp,
}

impl TryFrom<Row> for Attempt {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            provider_payment_id: row.provider_payment_id,
            status: row::parse("attempts.status", &row.status)?,
            amount: Money::new(row.amount, row.currency),
            reason: row.reason,
            created_at: row.created_at,
        })
    }
}

impl From<Attempt> for Known {
    fn from(attempt: Attempt) -> Self {
        Self { provider_payment_id: attempt.provider_payment_id, status: attempt.status }
    }
}

/// Every attempt of a payment, the first one first.
pub async fn list(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "select provider_payment_id, status, amount, currency, reason, created_at
           from attempts
          where payment_id = $1
          order by created_at, provider_payment_id",
        payment.as_uuid()
    );
    rows.fetch_all(conn).await?.into_iter().map(Attempt::try_from).collect()
}

/// Keeps what is seen of an attempt, as of `now`. Never takes an attempt of another payment.
pub async fn put(
    conn: &mut PgConnection,
    payment: PaymentId,
    sighting: &Sighting,
    status: AttemptStatus,
    booked: Option<Booking>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let reason = match &sighting.seen {
        Seen::Failed(reason) => Some(reason.as_str()),
        Seen::Waiting | Seen::Captured => None,
    };
    let done = sqlx::query!(
        "insert into attempts as a (provider_payment_id, payment_id, status, amount, currency, reason, booked,
                                    created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (provider_payment_id) do update
            set status = excluded.status, amount = excluded.amount, currency = excluded.currency,
                reason = excluded.reason, booked = excluded.booked, updated_at = excluded.updated_at
          where a.payment_id = excluded.payment_id",
        sighting.provider_payment_id,
        payment.as_uuid(),
        status.into_str(),
        sighting.amount.minor(),
        sighting.amount.currency().as_str(),
        reason,
        booked.map(|booking| booking.into_str()),
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Captures of a payment that belong to no order and do not go back yet, the first one first: their names at the
/// provider, and what of them is here.
pub async fn list_unclaimed(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Vec<(String, Money)>> {
    let rows = sqlx::query!(
        r#"with suspense as (
                select provider_payment_id, currency, created_at,
                       a.amount - coalesce((
                           select sum(r.amount) from refunds r
                            where r.provider_payment_id = a.provider_payment_id and r.kind = 'foreign'
                              and r.status <> 'declined'), 0)::bigint as amount
                  from attempts a
                 where payment_id = $1 and booked = 'suspense'
                   and not exists (
                       select from refunds r
                        where r.provider_payment_id = a.provider_payment_id
                          and r.kind in ('late', 'second', 'mismatch')))
           select provider_payment_id as "provider_payment_id!", currency as "currency!: Currency", amount as "amount!"
             from suspense
            where amount > 0
            order by created_at, provider_payment_id"#,
        payment.as_uuid()
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.provider_payment_id, Money::new(row.amount, row.currency))).collect())
}

/// How many captures of a payment pay no order.
pub async fn count_suspense(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<usize> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from attempts where payment_id = $1 and booked = 'suspense'"#,
        payment.as_uuid()
    );
    Ok(usize::try_from(count.fetch_one(conn).await?).unwrap_or(0))
}

/// A capture that was nobody's pays the order.
pub async fn take_for_order(
    conn: &mut PgConnection,
    provider_payment_id: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update attempts set booked = 'order', updated_at = $2
          where provider_payment_id = $1 and booked = 'suspense'",
        provider_payment_id,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// The payment that a capture is of, and whether it pays its order.
pub async fn find_capture(
    conn: &mut PgConnection,
    provider_payment_id: &str,
) -> sqlx::Result<Option<(PaymentId, bool)>> {
    let found = sqlx::query!(
        r#"select payment_id as "payment_id: PaymentId", booked = 'order' as "pays!"
             from attempts
            where provider_payment_id = $1 and status = 'captured'"#,
        provider_payment_id
    );
    Ok(found.fetch_optional(conn).await?.map(|row| (row.payment_id, row.pays)))
}

/// How much a capture is over.
pub async fn find_amount(
    conn: &mut PgConnection,
    provider_payment_id: &str,
) -> sqlx::Result<Option<Money>> {
    let found = sqlx::query!(
        r#"select amount, currency as "currency: Currency" from attempts
            where provider_payment_id = $1 and status = 'captured'"#,
        provider_payment_id
    );
    Ok(found.fetch_optional(conn).await?.map(|row| Money::new(row.amount, row.currency)))
}

/// Up to a hundred payments that are over, without `except`, with money that belongs to no order and does not go back.
pub async fn list_forgotten(
    conn: &mut PgConnection,
    except: &[Uuid],
) -> sqlx::Result<Vec<PaymentId>> {
    let query = sqlx::query_scalar!(
        r#"select distinct a.payment_id as "payment_id: PaymentId"
             from attempts a
             join payments p on p.payment_id = a.payment_id
            where a.booked = 'suspense' and a.amount > 0 and p.status in ('captured', 'captured_late')
              and a.payment_id <> all($1)
              and not exists (
                  select from refunds r
                   where r.provider_payment_id = a.provider_payment_id
                     and r.kind in ('late', 'second', 'mismatch', 'foreign'))
            limit 100"#,
        except
    );
    query.fetch_all(conn).await
}

/// The capture that paid the order, by its name at the provider.
pub async fn find_paying(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Option<String>> {
    let query = sqlx::query_scalar!(
        "select provider_payment_id from attempts where payment_id = $1 and booked = 'order'",
        payment.as_uuid()
    );
    query.fetch_optional(conn).await
}

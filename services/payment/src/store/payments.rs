//! Payments.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, Currency, Money, OrderId, PaymentId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::Payment;

struct Row {
    payment_id: PaymentId,
    checkout_id: CheckoutId,
    order_id: OrderId,
    order_number: String,
    buyer: UserId,
    method: String,
    amount: i64,
    currency: Currency,
    status: String,
    provider_order_id: Option<String>,
    upi_intent: Option<String>,
    opening: bool,
    checks: i32,
    next_check_at: Option<jiff_sqlx::Timestamp>,
    expires_at: Timestamp,
    created_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for Payment {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.payment_id,
            checkout_id: row.checkout_id,
            order_id: row.order_id,
            order_number: row.order_number,
            buyer: row.buyer,
            method: row::parse("payments.method", &row.method)?,
            amount: Money::new(row.amount, row.currency),
            status: row::parse("payments.status", &row.status)?,
            provider_order_id: row.provider_order_id,
            upi_intent: row.upi_intent,
            opening: row.opening,
            checks: row.checks,
            next_check_at: row.next_check_at.map(jiff_sqlx::Timestamp::to_jiff),
            expires_at: row.expires_at,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// A payment as it stands.
pub async fn find(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    Ok(read(conn, &[id]).await?.pop())
}

/// These payments as they stand, the newest first.
pub async fn read(conn: &mut PgConnection, ids: &[PaymentId]) -> sqlx::Result<Vec<Payment>> {
    let ids: Vec<Uuid> = ids.iter().map(PaymentId::as_uuid).collect();
    let rows = sqlx::query_as!(
        Row,
        "select payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency, status,
                provider_order_id, upi_intent, opening, checks, next_check_at, expires_at, created_at, version
           from payments
          where payment_id = any((select $1::uuid[])::uuid[])
          order by seq desc",
        &ids
    );
    rows.fetch_all(conn).await?.into_iter().map(Payment::try_from).collect()
}

/// Locks a payment, so that what happens to it takes turns.
pub async fn lock(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    let row = sqlx::query_as!(
        Row,
        "select payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency, status,
                provider_order_id, upi_intent, opening, checks, next_check_at, expires_at, created_at, version
           from payments
          where payment_id = $1
            for update",
        id.as_uuid()
    );
    row.fetch_optional(conn).await?.map(Payment::try_from).transpose()
}

/// Locks the payment that the provider knows by this name, or did before.
pub async fn lock_by_provider(
    conn: &mut PgConnection,
    provider_order_id: &str,
) -> sqlx::Result<Option<Payment>> {
    let row = sqlx::query_as!(
        Row,
        "select payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency, status,
                provider_order_id, upi_intent, opening, checks, next_check_at, expires_at, created_at, version
           from payments
          where payment_id = (
                select payment_id from payments where provider_order_id = $1
                union all
                select payment_id from former_orders where provider_order_id = $1)
            for update",
        provider_order_id
    );
    row.fetch_optional(conn).await?.map(Payment::try_from).transpose()
}

/// The newest payment for an order.
pub async fn find_of_order(
    conn: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<PaymentId>> {
    let query = sqlx::query_scalar!(
        r#"select payment_id as "payment_id: PaymentId"
             from payments where order_id = $1 order by seq desc limit 1"#,
        order.as_uuid()
    );
    query.fetch_optional(conn).await
}

/// Keeps a new payment and the trace that asked for it. Returns whether it was new.
pub async fn insert(
    conn: &mut PgConnection,
    payment: &Payment,
    traceparent: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments (payment_id, checkout_id, order_id, order_number, buyer, method, amount, currency,
                               status, opening, checks, expires_at, version, created_at, updated_at, traceparent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $13, $14)
         on conflict (payment_id) do nothing",
        payment.id.as_uuid(),
        payment.checkout_id.as_uuid(),
        payment.order_id.as_uuid(),
        payment.order_number,
        payment.buyer.as_uuid(),
        payment.method.into_str(),
        payment.amount.minor(),
        payment.amount.currency().as_str(),
        payment.status.into_str(),
        payment.opening,
        payment.expires_at.to_sqlx(),
        payment.version,
        payment.created_at.to_sqlx(),
        traceparent,
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// The trace that asked for a payment.
pub async fn find_trace(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select traceparent from payments where payment_id = $1", id.as_uuid())
        .fetch_optional(conn)
        .await
}

/// Writes a payment that was locked, as its next version.
pub async fn update(
    conn: &mut PgConnection,
    payment: &mut Payment,
    now: Timestamp,
) -> sqlx::Result<()> {
    payment.version += 1;
    let query = sqlx::query!(
        "update payments
            set status = $2, provider_order_id = $3, upi_intent = $4, opening = $5, checks = $6,
                next_check_at = $7, version = $8, updated_at = $9
          where payment_id = $1",
        payment.id.as_uuid(),
        payment.status.into_str(),
        payment.provider_order_id,
        payment.upi_intent,
        payment.opening,
        payment.checks,
        payment.next_check_at.map(ToSqlx::to_sqlx),
        payment.version,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Up to a hundred payments that are to be asked about, without `except`, longest first.
pub async fn list_due(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<PaymentId>> {
    let query = sqlx::query_scalar!(
        "select payment_id
           from payments
          where next_check_at <= $1 and payment_id <> all($2)
          order by next_check_at
          limit 100",
        now.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Locks those of these payments that are to be asked about; what another worker has locked is left to it.
pub async fn lock_due(
    conn: &mut PgConnection,
    now: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<PaymentId>> {
    let query = sqlx::query_scalar!(
        "select payment_id
           from payments
          where next_check_at <= $1 and payment_id = any($2)
          order by next_check_at
            for update skip locked",
        now.to_sqlx(),
        ids,
    );
    query.fetch_all(conn).await
}

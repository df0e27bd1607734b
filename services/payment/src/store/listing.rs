//! What staff read of all payments.

use chassis::row;
use jiff::Timestamp;
use kernel::{CheckoutId, Currency, Money, OrderId, PaymentId, UserId};
use sqlx::PgConnection;

use crate::domain::{Method, PaymentProgress};

/// A payment in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its place in the list.
    pub seq: i64,
    pub payment_id: PaymentId,
    pub checkout_id: CheckoutId,
    pub order_id: OrderId,
    /// Its number for people.
    pub order_number: String,
    pub buyer: UserId,
    pub method: Method,
    /// How much was asked for.
    pub amount: Money,
    /// How far it has come.
    pub status: PaymentProgress,
    /// The provider's name for it.
    pub provider_order_id: Option<String>,
    /// How many attempts there were.
    pub attempts: i64,
    /// How many of them brought money that is nobody's yet.
    pub surplus: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

struct Row {
    seq: i64,
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
    attempts: i64,
    surplus: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for Listed {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            seq: row.seq,
            payment_id: row.payment_id,
            checkout_id: row.checkout_id,
            order_id: row.order_id,
            order_number: row.order_number,
            buyer: row.buyer,
            method: row::parse("payments.method", &row.method)?,
            amount: Money::new(row.amount, row.currency),
            status: row::parse("payments.status", &row.status)?,
            provider_order_id: row.provider_order_id,
            attempts: row.attempts,
            surplus: row.surplus,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Payments that stand here and are of this order, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    status: Option<PaymentProgress>,
    order_id: Option<OrderId>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select p.seq, p.payment_id, p.checkout_id, p.order_id, p.order_number, p.buyer, p.method, p.amount, p.currency,
                  p.status, p.provider_order_id, a.attempts as "attempts!", a.surplus as "surplus!", p.created_at,
                  p.updated_at
             from payments p
            cross join lateral (
                  select count(*) as attempts, count(*) filter (where booked = 'suspense') as surplus
                    from attempts
                   where attempts.payment_id = p.payment_id) a
            where ($1::text is null or p.status = $1) and ($2::bigint is null or p.seq < $2)
              and ($4::uuid is null or p.order_id = $4)
            order by p.seq desc
            limit $3"#,
        status.map(|status| status.into_str()),
        before,
        limit,
        order_id.map(|id| id.as_uuid())
    );
    rows.fetch_all(conn).await?.into_iter().map(Listed::try_from).collect()
}

//! What staff read of all payments.

use jiff::Timestamp;
use kernel::{OrderId, PaymentId};
use sqlx::PgConnection;

use super::payments;
use crate::domain::{Payment, PaymentProgress};

/// A payment in staff's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its place in the list.
    pub seq: i64,
    pub payment: Payment,
    /// How many attempts there were.
    pub attempts: i64,
    /// How many of them brought money that is nobody's yet.
    pub surplus: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Payments that stand here and are of this order, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    status: Option<PaymentProgress>,
    order_id: Option<OrderId>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select p.seq, p.payment_id, a.attempts as "attempts!", a.surplus as "surplus!", p.updated_at
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
    let rows = rows.fetch_all(&mut *conn).await?;
    let ids: Vec<PaymentId> = rows.iter().map(|row| row.payment_id).collect();
    // In the same order.
    let payments = payments::read(conn, &ids).await?;
    let listed = rows.into_iter().zip(payments).map(|(row, payment)| Listed {
        seq: row.seq,
        payment,
        attempts: row.attempts,
        surplus: row.surplus,
        updated_at: row.updated_at.to_jiff(),
    });
    Ok(listed.collect())
}

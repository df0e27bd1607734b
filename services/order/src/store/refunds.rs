//! Refunds, as payment-service tells of them: in any order, and perhaps twice.

use chassis::row;
use contracts::payment::RefundRef;
use jiff_sqlx::ToSqlx;
use kernel::{Money, OrderId, UserId};
use sqlx::PgConnection;

use crate::domain::refund::{Refund, RefundReason, RefundState};

/// Keeps what became of a refund. The first time of each state counts, what it was found out to be for, and the least that
/// was said of it: what is paid in parts is said again with what is left of it.
pub async fn put(
    conn: &mut PgConnection,
    refund: &RefundRef,
    state: RefundState,
    reference: Option<&str>,
) -> sqlx::Result<()> {
    let at = |of: RefundState| (of == state).then(|| refund.at.to_sqlx());
    let query = sqlx::query!(
        "insert into refund_copies as r
             (refund_id, order_id, reason, credit_id, amount, currency, requested_at, delayed_at, done_at,
              bank_reference)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (refund_id) do update
         set reason = case r.reason when 'foreign' then excluded.reason else r.reason end,
             credit_id = coalesce(r.credit_id, excluded.credit_id),
             amount = least(r.amount, excluded.amount),
             requested_at = coalesce(r.requested_at, excluded.requested_at),
             delayed_at = coalesce(r.delayed_at, excluded.delayed_at),
             done_at = coalesce(r.done_at, excluded.done_at),
             bank_reference = coalesce(r.bank_reference, excluded.bank_reference)",
        refund.refund_id.as_uuid(),
        refund.order_id.as_uuid(),
        RefundReason::from(refund.kind).into_str(),
        refund.credit_id.map(|id| id.as_uuid()),
        refund.amount.minor(),
        refund.amount.currency().as_str(),
        at(RefundState::Requested) as _,
        at(RefundState::Delayed) as _,
        at(RefundState::Done) as _,
        reference,
    );
    query.execute(conn).await.map(drop)
}

/// Notes that the history of its order says that a refund went back. False where it does already, or the order is not here.
pub async fn set_told(conn: &mut PgConnection, refund: &RefundRef) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "insert into refunds_told (refund_id)
         select $1 from orders where order_id = $2
         on conflict do nothing",
        refund.refund_id.as_uuid(),
        refund.order_id.as_uuid(),
    );
    Ok(query.execute(conn).await?.rows_affected() == 1)
}

/// The refunds of an order, oldest first. To nobody who asked to be forgotten a number at their bank leads.
pub async fn list(
    conn: &mut PgConnection,
    order_id: OrderId,
    buyer: UserId,
) -> sqlx::Result<Vec<Refund>> {
    let query = sqlx::query!(
        r#"select refund_id, reason, credit_id, amount, currency,
                  case when done_at is not null then 'done' when delayed_at is not null then 'delayed'
                       else 'requested' end as "state!",
                  coalesce(done_at, delayed_at, requested_at) as "at!",
                  case when not exists (select from erased_buyers where user_id = $2) then bank_reference end
                      as reference
           from refund_copies
           where order_id = $1
           order by coalesce(requested_at, delayed_at, done_at), refund_id"#,
        order_id.as_uuid(),
        buyer.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let refunds = rows.into_iter().map(|row| {
        Ok(Refund {
            id: row.refund_id,
            reason: row::parse("refund_copies.reason", &row.reason)?,
            credit_id: row.credit_id,
            amount: Money::new(row.amount, row.currency),
            state: row::parse("refund_copies.state", &row.state)?,
            at: row.at.to_jiff(),
            reference: row.reference,
        })
    });
    refunds.collect()
}

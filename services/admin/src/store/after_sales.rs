//! Money and goods that go back, and what sellers were paid.

use contracts::order::ReturnChanged;
use contracts::payment::{
    DisputeChanged, DisputeState, PaymentMismatch, PayoutChanged, PayoutState, RefundRef,
    VendorBalanceWrittenOff,
};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::word;

mod overview;
pub use overview::{OpenDispute, Refunds, Sums, Tally, open_disputes, refunds, returns, sums};

/// What became of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStep {
    /// It is owed, and booked so.
    Requested,
    /// The provider could not give it back.
    Failed,
    /// It is with the buyer's bank.
    Done,
}

/// Keeps what became of a refund; the first time of each step counts. One that is paid in parts is over less from then on,
/// and the rest of it is another one.
pub async fn refund(
    conn: &mut PgConnection,
    refund: &RefundRef,
    step: RefundStep,
) -> sqlx::Result<()> {
    let at = |of: RefundStep| (of == step).then(|| refund.at.to_sqlx());
    let query = sqlx::query!(
        "insert into refunds as r (id, amount, currency, requested_at, failed_at, done_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update
            set amount = least(r.amount, excluded.amount),
                requested_at = coalesce(r.requested_at, excluded.requested_at),
                failed_at = coalesce(r.failed_at, excluded.failed_at),
                done_at = coalesce(r.done_at, excluded.done_at)",
        refund.refund_id.as_uuid(),
        refund.amount.minor(),
        refund.amount.currency().as_str(),
        at(RefundStep::Requested) as _,
        at(RefundStep::Failed) as _,
        at(RefundStep::Done) as _,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps where a return stands.
pub async fn return_moved(conn: &mut PgConnection, event: &ReturnChanged) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into returns as r (id, state, at) values ($1, $2, $3)
         on conflict (id) do update set state = excluded.state, at = excluded.at
          where r.at <= excluded.at",
        event.return_id.as_uuid(),
        word(&event.state)?,
        event.seller_order.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps where a payout stands, and that it was paid once.
pub async fn payout(conn: &mut PgConnection, event: &PayoutChanged) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into payouts as p (id, vendor_id, amount, currency, state, paid, at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update
            set state = case when p.at <= excluded.at then excluded.state else p.state end,
                at = greatest(p.at, excluded.at), paid = p.paid or excluded.paid",
        event.payout_id.as_uuid(),
        event.vendor_id.as_uuid(),
        event.amount.minor(),
        event.amount.currency().as_str(),
        word(&event.state)?,
        event.state == PayoutState::Paid,
        event.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what a seller owed and will not pay.
pub async fn written_off(
    conn: &mut PgConnection,
    event: &VendorBalanceWrittenOff,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into write_offs (id, vendor_id, amount, currency, at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        event.write_off_id.as_uuid(),
        event.vendor_id.as_uuid(),
        event.amount.minor(),
        event.amount.currency().as_str(),
        event.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what came otherwise than it was asked for.
pub async fn wrong_money(conn: &mut PgConnection, event: &PaymentMismatch) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into wrong_money (provider_payment_id, payment_id, received, currency)
         values ($1, $2, $3, $4)
         on conflict do nothing",
        event.provider_payment_id,
        event.payment.payment_id.as_uuid(),
        event.received.minor(),
        event.received.currency().as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps where a dispute stands. `waiting`: the bank has not decided, or nobody has said who bears it.
pub async fn dispute(
    conn: &mut PgConnection,
    event: &DisputeChanged,
    waiting: bool,
) -> sqlx::Result<()> {
    let opened = (event.state == DisputeState::Open).then(|| event.payment.at.to_sqlx());
    let query = sqlx::query!(
        "insert into disputes as d (id, waiting, state, order_id, amount, currency, opened_at, respond_by, reason_code)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update
            set waiting = excluded.waiting, state = excluded.state, order_id = excluded.order_id,
                amount = excluded.amount, currency = excluded.currency,
                opened_at = coalesce(d.opened_at, excluded.opened_at),
                respond_by = coalesce(d.respond_by, excluded.respond_by),
                reason_code = coalesce(d.reason_code, excluded.reason_code)",
        event.dispute_id.as_uuid(),
        waiting,
        word(&event.state)?,
        event.payment.order_id.as_uuid(),
        event.disputed.minor(),
        event.disputed.currency().as_str(),
        opened as _,
        event.respond_by.map(ToSqlx::to_sqlx) as _,
        event.reason_code,
    );
    query.execute(conn).await.map(drop)
}

//! Money and goods that go back, and what sellers were paid.

use contracts::order::ReturnChanged;
use contracts::payment::{
    DisputeChanged, DisputeState, PaymentMismatch, PayoutChanged, PayoutState, RefundRef,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use super::word;

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

/// Keeps what became of a refund; the first time of each step counts.
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
            set requested_at = coalesce(r.requested_at, excluded.requested_at),
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
        "insert into disputes as d (id, waiting, state, order_id, amount, currency, opened_at, respond_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update
            set waiting = excluded.waiting, state = excluded.state, order_id = excluded.order_id,
                amount = excluded.amount, currency = excluded.currency,
                opened_at = coalesce(d.opened_at, excluded.opened_at),
                respond_by = coalesce(d.respond_by, excluded.respond_by)",
        event.dispute_id.as_uuid(),
        waiting,
        word(&event.state)?,
        event.payment.order_id.as_uuid(),
        event.disputed.minor(),
        event.disputed.currency().as_str(),
        opened as _,
        event.respond_by.map(ToSqlx::to_sqlx) as _,
    );
    query.execute(conn).await.map(drop)
}

/// How many there are, over how much in paise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: i64,
    pub amount: i64,
}

/// Refunds by what became of them, and those that are not done by their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refunds {
    pub asked: Tally,
    pub done: Tally,
    pub failed: Tally,
    pub within_day: Tally,
    pub within_week: Tally,
    pub older: Tally,
}

pub async fn refunds(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<Refunds> {
    let query = sqlx::query!(
        r#"with r as (
               select amount, requested_at is not null as asked, done_at is not null as done,
                      failed_at is not null and done_at is null as failed,
                      requested_at is not null and done_at is null as waiting, $1::timestamptz - requested_at as age
                 from refunds
                where currency = 'INR'
           )
           select count(*) filter (where asked) as "asked!", coalesce(sum(amount) filter (where asked), 0)::bigint as "asked_sum!",
                  count(*) filter (where done) as "done!", coalesce(sum(amount) filter (where done), 0)::bigint as "done_sum!",
                  count(*) filter (where failed) as "failed!",
                  coalesce(sum(amount) filter (where failed), 0)::bigint as "failed_sum!",
                  count(*) filter (where waiting and age < interval '1 day') as "day!",
                  coalesce(sum(amount) filter (where waiting and age < interval '1 day'), 0)::bigint as "day_sum!",
                  count(*) filter (where waiting and age >= interval '1 day' and age < interval '7 days') as "week!",
                  coalesce(sum(amount) filter (where waiting and age >= interval '1 day' and age < interval '7 days'), 0)::bigint
                      as "week_sum!",
                  count(*) filter (where waiting and age >= interval '7 days') as "older!",
                  coalesce(sum(amount) filter (where waiting and age >= interval '7 days'), 0)::bigint as "older_sum!"
             from r"#,
        now.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    let tally = |count, amount| Tally { count, amount };
    Ok(Refunds {
        asked: tally(row.asked, row.asked_sum),
        done: tally(row.done, row.done_sum),
        failed: tally(row.failed, row.failed_sum),
        within_day: tally(row.day, row.day_sum),
        within_week: tally(row.week, row.week_sum),
        older: tally(row.older, row.older_sum),
    })
}

/// How many returns stand where.
pub async fn returns(conn: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    let query = sqlx::query!(
        r#"select state, count(*) as "count!" from returns group by state order by state"#,
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// A dispute that the bank has not decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDispute {
    pub id: uuid::Uuid,
    pub order_id: Option<uuid::Uuid>,
    /// In paise.
    pub amount: i64,
    pub opened_at: Option<Timestamp>,
    pub respond_by: Option<Timestamp>,
}

/// The disputes that the bank has not decided, the most urgent first.
pub async fn open_disputes(conn: &mut PgConnection, rows: i64) -> sqlx::Result<Vec<OpenDispute>> {
    let query = sqlx::query!(
        r#"select id, order_id, amount as "amount!", opened_at, respond_by
             from disputes
            where state = 'open' and currency = 'INR'
            order by respond_by nulls last, opened_at, id
            limit $1"#,
        rows,
    );
    let rows = query.fetch_all(conn).await?;
    let open = rows.into_iter().map(|row| OpenDispute {
        id: row.id,
        order_id: row.order_id,
        amount: row.amount,
        opened_at: row.opened_at.map(jiff_sqlx::Timestamp::to_jiff),
        respond_by: row.respond_by.map(jiff_sqlx::Timestamp::to_jiff),
    });
    Ok(open.collect())
}

/// What is open in disputes, and what came back or waits for a person elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    pub disputes: Tally,
    pub payouts_failed: Tally,
    pub payouts_returned: Tally,
    pub wrong_money: Tally,
    pub foreign: Tally,
}

/// The sums; of payouts, those that failed or came back since then.
pub async fn sums(conn: &mut PgConnection, since: Timestamp) -> sqlx::Result<Sums> {
    let query = sqlx::query!(
        r#"with d as (select amount from disputes where state = 'open' and currency = 'INR'),
                p as (select amount, paid from payouts where state = 'failed' and currency = 'INR' and at > $1),
                w as (select received from wrong_money w join payments_in_review r on r.id = w.payment_id
                       where r.open and currency = 'INR'),
                f as (select amount from foreign_refunds where open and currency = 'INR')
           select (select count(*) from d) as "disputes!",
                  (select coalesce(sum(amount), 0) from d)::bigint as "disputes_sum!",
                  (select count(*) from p where not paid) as "failed!",
                  (select coalesce(sum(amount), 0) from p where not paid)::bigint as "failed_sum!",
                  (select count(*) from p where paid) as "returned!",
                  (select coalesce(sum(amount), 0) from p where paid)::bigint as "returned_sum!",
                  (select count(*) from w) as "wrong!", (select coalesce(sum(received), 0) from w)::bigint as "wrong_sum!",
                  (select count(*) from f) as "foreign!", (select coalesce(sum(amount), 0) from f)::bigint as "foreign_sum!""#,
        since.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    let tally = |count, amount| Tally { count, amount };
    Ok(Sums {
        disputes: tally(row.disputes, row.disputes_sum),
        payouts_failed: tally(row.failed, row.failed_sum),
        payouts_returned: tally(row.returned, row.returned_sum),
        wrong_money: tally(row.wrong, row.wrong_sum),
        foreign: tally(row.foreign, row.foreign_sum),
    })
}

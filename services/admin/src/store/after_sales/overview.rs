//! What staff see of it: counts and sums.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

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
    /// Why the bank asks, in the provider's word.
    pub reason_code: Option<String>,
}

/// The disputes that the bank has not decided, the most urgent first.
pub async fn open_disputes(conn: &mut PgConnection, rows: i64) -> sqlx::Result<Vec<OpenDispute>> {
    let query = sqlx::query!(
        r#"select id, order_id, amount as "amount!", opened_at, respond_by, reason_code
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
        reason_code: row.reason_code,
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
    pub written_off: Tally,
}

/// The sums; of payouts, those that failed or came back since then.
pub async fn sums(conn: &mut PgConnection, since: Timestamp) -> sqlx::Result<Sums> {
    let query = sqlx::query!(
        r#"with d as (select amount from disputes where state = 'open' and currency = 'INR'),
                p as (select amount, paid from payouts where state = 'failed' and currency = 'INR' and at > $1),
                w as (select received from wrong_money w join payments_in_review r on r.id = w.payment_id
                       where r.open and currency = 'INR'),
                f as (select amount from foreign_refunds where open and currency = 'INR'),
                o as (select amount from write_offs where currency = 'INR')
           select (select count(*) from d) as "disputes!",
                  (select coalesce(sum(amount), 0) from d)::bigint as "disputes_sum!",
                  (select count(*) from p where not paid) as "failed!",
                  (select coalesce(sum(amount), 0) from p where not paid)::bigint as "failed_sum!",
                  (select count(*) from p where paid) as "returned!",
                  (select coalesce(sum(amount), 0) from p where paid)::bigint as "returned_sum!",
                  (select count(*) from w) as "wrong!", (select coalesce(sum(received), 0) from w)::bigint as "wrong_sum!",
                  (select count(*) from f) as "foreign!", (select coalesce(sum(amount), 0) from f)::bigint as "foreign_sum!",
                  (select count(*) from o) as "off!", (select coalesce(sum(amount), 0) from o)::bigint as "off_sum!""#,
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
        written_off: tally(row.off, row.off_sum),
    })
}

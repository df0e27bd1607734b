//! Months of which is said what the platform charged. Everything is added up from what was posted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, VendorId};
use sqlx::PgConnection;

/// What was charged to a seller in a month, and taken back. Each is commission, then the tax on it, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    pub vendor_id: VendorId,
    pub currency: Currency,
    pub charged: (i64, i64),
    pub taken_back: (i64, i64),
    pub taken_back_of_before: (i64, i64),
}

/// The last month that was closed.
pub async fn last(conn: &mut PgConnection) -> sqlx::Result<Option<Date>> {
    let last =
        sqlx::query_scalar!("select max(month) from commission_months").fetch_one(conn).await?;
    Ok(last.map(jiff_sqlx::Date::to_jiff))
}

/// When the first journal was posted.
pub async fn first_posted_at(conn: &mut PgConnection) -> sqlx::Result<Option<Timestamp>> {
    let first = sqlx::query_scalar!("select min(posted_at) from journals").fetch_one(conn).await?;
    Ok(first.map(jiff_sqlx::Timestamp::to_jiff))
}

/// Begins to close a month. False when another has.
pub async fn begin(conn: &mut PgConnection, month: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into commission_months (month, closed_at) values ($1, $2) on conflict do nothing",
        month.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// Adds up the month from `start` to before `end` of every seller of whom something was posted, and keeps it.
pub async fn add_up(
    conn: &mut PgConnection,
    month: Date,
    start: Timestamp,
    end: Timestamp,
) -> sqlx::Result<Vec<Closing>> {
    let rows = sqlx::query!(
        r#"with charges as (
               select p.seller_order_id, p.currency, a.code, p.amount, p.amount > 0 as is_back
                 from journals j
                 join postings p using (journal_id)
                 join accounts a using (account_id)
                where a.code in ('commission_income', 'output_gst') and p.seller_order_id is not null
                  and j.posted_at >= $2 and j.posted_at < $3
           ), told as (
               select s.vendor_id, c.currency, c.code, c.amount, c.is_back,
                      c.is_back and exists (
                          select from postings sold join journals j using (journal_id)
                                             join accounts a using (account_id)
                           where sold.seller_order_id = c.seller_order_id and a.code = c.code and sold.amount < 0
                             and j.posted_at < $2) as is_of_before
                 from charges c
                 join lateral (select vendor_id from shares where seller_order_id = c.seller_order_id limit 1) s on true
           )
           insert into commission_closings (month, vendor_id, currency, charged, charged_tax, taken_back,
                                            taken_back_tax, taken_back_of_before, taken_back_of_before_tax)
           select $1, vendor_id, currency,
                  coalesce(-sum(amount) filter (where code = 'commission_income' and not is_back), 0),
                  coalesce(-sum(amount) filter (where code = 'output_gst' and not is_back), 0),
                  coalesce(sum(amount) filter (where code = 'commission_income' and is_back and not is_of_before), 0),
                  coalesce(sum(amount) filter (where code = 'output_gst' and is_back and not is_of_before), 0),
                  coalesce(sum(amount) filter (where code = 'commission_income' and is_of_before), 0),
                  coalesce(sum(amount) filter (where code = 'output_gst' and is_of_before), 0)
             from told
            group by vendor_id, currency
           returning vendor_id, currency, charged, charged_tax, taken_back, taken_back_tax, taken_back_of_before,
                     taken_back_of_before_tax"#,
        month.to_sqlx() as _,
        start.to_sqlx(),
        end.to_sqlx(),
    );
    let rows = rows.fetch_all(conn).await?.into_iter().map(|row| Closing {
        vendor_id: row.vendor_id,
        currency: row.currency,
        charged: (row.charged, row.charged_tax),
        taken_back: (row.taken_back, row.taken_back_tax),
        taken_back_of_before: (row.taken_back_of_before, row.taken_back_of_before_tax),
    });
    Ok(rows.collect())
}

//! Financial years that were closed, and what sellers were charged then.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{Money, VendorId};
use sqlx::PgConnection;

use crate::domain::ledger::TDS_ADJUSTABLE;

/// The last year that was closed.
pub async fn last(conn: &mut PgConnection) -> sqlx::Result<Option<Date>> {
    let last = sqlx::query_scalar!("select max(year) from tax_years").fetch_one(conn).await?;
    Ok(last.map(jiff_sqlx::Date::to_jiff))
}

/// Begins to close a year. False when another has.
pub async fn begin(conn: &mut PgConnection, year: Date, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into tax_years (year, closed_at) values ($1, $2) on conflict do nothing",
        year.to_sqlx() as _,
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

/// What is left from `start` to before `end` of the income tax that was deposited for sales that were taken back, of each
/// seller who has some; of one seller, if it is named.
pub async fn list_left(
    conn: &mut PgConnection,
    (start, end): (Timestamp, Timestamp),
    vendor: Option<VendorId>,
) -> sqlx::Result<Vec<(VendorId, Money)>> {
    let rows = sqlx::query!(
        r#"select a.vendor_id as "vendor_id!", p.currency, sum(p.amount)::bigint as "amount!"
             from accounts a
             join postings p on p.account_id = a.account_id
             join journals j on j.journal_id = p.journal_id
            where a.code = $1 and j.posted_at >= $2 and j.posted_at < $3 and j.cause not like 'tds_year:%'
              and ($4::uuid is null or a.vendor_id = $4)
            group by a.vendor_id, p.currency
           having sum(p.amount) > 0
            order by a.vendor_id"#,
        TDS_ADJUSTABLE,
        start.to_sqlx(),
        end.to_sqlx(),
        vendor.map(|vendor| vendor.as_uuid()),
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows.map(|row| (row.vendor_id, Money::new(row.amount, row.currency))).collect())
}

/// Keeps what a seller is charged for a year. False when it was charged before.
pub async fn insert_charge(
    conn: &mut PgConnection,
    year: Date,
    vendor: VendorId,
    amount: Money,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into tax_charges (year, vendor_id, currency, amount, charged_at)
         values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        year.to_sqlx() as _,
        vendor.as_uuid(),
        amount.currency().as_str(),
        amount.minor(),
        now.to_sqlx(),
    );
    Ok(done.execute(conn).await?.rows_affected() == 1)
}

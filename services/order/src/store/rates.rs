//! What the law has the platform charge and withhold, by day.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::domain::split::Rates;

/// The rates of the day that `at` falls on in India.
pub async fn find(conn: &mut PgConnection, at: Timestamp) -> sqlx::Result<Rates> {
    let query = sqlx::query!(
        r#"with of_day as (
               select distinct on (kind) kind, bp
               from withholding_rates
               where valid_from <= ($1::timestamptz at time zone 'Asia/Kolkata')::date
               order by kind, valid_from desc
           )
           select max(bp) filter (where kind = 'commission_tax') as "commission_tax!",
                  max(bp) filter (where kind = 'tcs') as "tcs!",
                  max(bp) filter (where kind = 'tds_with_pan') as "tds_with_pan!",
                  max(bp) filter (where kind = 'tds_without_pan') as "tds_without_pan!"
           from of_day"#,
        at.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    let bp = |bp: i32| row::fit("withholding_rates.bp", u32::try_from(bp));
    Ok(Rates {
        commission_tax: bp(row.commission_tax)?,
        tcs: bp(row.tcs)?,
        tds_with_pan: bp(row.tds_with_pan)?,
        tds_without_pan: bp(row.tds_without_pan)?,
    })
}

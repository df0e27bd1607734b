//! The rates of GST that the law has, with their days.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;

use crate::domain::hsn_rates::DatedRate;
use crate::domain::text::Hsn;

/// Those that are valid on the day that `now` falls on in India, or will be; of a code only those that its goods may bear.
pub async fn list(
    conn: &mut PgConnection,
    hsn: Option<&Hsn>,
    now: Timestamp,
) -> sqlx::Result<Vec<DatedRate>> {
    let rows = sqlx::query!(
        "with today as (select ($1::timestamptz at time zone 'Asia/Kolkata')::date as day)
         select r.rate_bp, r.valid_from, r.valid_to
           from gst_rates r, today t
          where coalesce(r.valid_to, 'infinity') >= t.day
            and ($2::text is null or may_bear($2, r.rate_bp, greatest(r.valid_from, t.day)))
          order by r.rate_bp, r.valid_from",
        now.to_sqlx(),
        hsn.map(Hsn::as_str),
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    let rates = rows.map(|row| {
        Ok(DatedRate {
            rate_bp: chassis::row::fit("gst_rates.rate_bp", u32::try_from(row.rate_bp))?,
            valid_from: row.valid_from.to_jiff(),
            valid_to: row.valid_to.map(jiff_sqlx::Date::to_jiff),
        })
    });
    rates.collect()
}

//! The counters that numbers come from.

use std::collections::BTreeMap;

use kernel::VendorId;
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::series::Series;

/// Locks the counters of `series`, one per seller, until the transaction ends, and returns the last number taken from
/// each. They are locked in the order of the sellers' ids, so that two orders of the same sellers cannot wait for each
/// other.
pub async fn lock(
    conn: &mut PgConnection,
    series: &[Series],
) -> sqlx::Result<BTreeMap<VendorId, i32>> {
    let (vendors, years, kinds) = keys(series.iter());
    let query = sqlx::query!(
        "insert into counters as c (vendor_id, financial_year, series, last)
         select s.vendor_id, s.financial_year, s.series, 0
         from unnest($1::uuid[], $2::text[], $3::text[]) as s (vendor_id, financial_year, series)
         order by s.vendor_id
         on conflict (vendor_id, financial_year, series) do update set last = c.last
         returning vendor_id, last",
        &vendors,
        &years,
        &kinds,
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.vendor_id, row.last)).collect())
}

/// Notes the last number that was taken of each series. The rows must be locked.
pub async fn set(conn: &mut PgConnection, taken: &[(Series, i32)]) -> sqlx::Result<()> {
    let (vendors, years, kinds) = keys(taken.iter().map(|(series, _)| series));
    let lasts: Vec<i32> = taken.iter().map(|(_, last)| *last).collect();
    let query = sqlx::query!(
        "update counters as c set last = s.last
         from unnest($1::uuid[], $2::text[], $3::text[], $4::integer[])
              as s (vendor_id, financial_year, series, last)
         where c.vendor_id = s.vendor_id and c.financial_year = s.financial_year
           and c.series = s.series",
        &vendors,
        &years,
        &kinds,
        &lasts,
    );
    let done = query.execute(conn).await?;
    let all = u64::try_from(taken.len()).is_ok_and(|len| len == done.rows_affected());
    if all { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

fn keys<'a>(series: impl Iterator<Item = &'a Series>) -> (Vec<Uuid>, Vec<String>, Vec<String>) {
    let (mut vendors, mut years, mut kinds) = (vec![], vec![], vec![]);
    for one in series {
        vendors.push(one.vendor_id.as_uuid());
        years.push(one.year.to_string());
        kinds.push(one.kind().to_owned());
    }
    (vendors, years, kinds)
}

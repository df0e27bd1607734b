//! The counters that numbers come from.

use sqlx::PgConnection;

use crate::domain::series::Series;

/// Locks the counter of `series` until the transaction ends and returns the last number taken from it.
pub async fn lock(conn: &mut PgConnection, series: &Series) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "insert into counters as c (vendor_id, financial_year, series, last)
         values ($1, $2, $3, 0)
         on conflict (vendor_id, financial_year, series) do update set last = c.last
         returning last",
        series.vendor_id.as_uuid(),
        series.year.to_string(),
        series.kind(),
    )
    .fetch_one(conn)
    .await
}

/// Notes that `last` was taken. The row must be locked.
pub async fn set(conn: &mut PgConnection, series: &Series, last: i32) -> sqlx::Result<()> {
    let done = sqlx::query!(
        "update counters set last = $4
         where vendor_id = $1 and financial_year = $2 and series = $3",
        series.vendor_id.as_uuid(),
        series.year.to_string(),
        series.kind(),
        last,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

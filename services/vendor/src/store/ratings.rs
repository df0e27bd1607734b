//! The stars of sellers, copied.

use chassis::row;
use kernel::{Rating, VendorId};
use sqlx::PgConnection;

/// Keeps what was heard, unless something newer is kept already.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    sum: i64,
    count: i64,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendor_ratings as kept (vendor_id, sum, count, version)
         values ($1, $2, $3, $4)
             on conflict (vendor_id) do update
            set sum = excluded.sum, count = excluded.count, version = excluded.version
          where kept.version < excluded.version",
        vendor_id.as_uuid(),
        sum,
        count,
        version
    );
    query.execute(conn).await.map(drop)
}

/// The stars of a seller; nothing before the first review.
pub async fn find(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<Option<Rating>> {
    let row = sqlx::query!(
        "select sum, count from vendor_ratings where vendor_id = $1",
        vendor_id.as_uuid()
    );
    let found = row.fetch_optional(conn).await?;
    found
        .map(|row| {
            let sum = row::fit("vendor_ratings.sum", u64::try_from(row.sum))?;
            let count = row::fit("vendor_ratings.count", u64::try_from(row.count))?;
            Ok(Rating { sum, count })
        })
        .transpose()
}

//! What counts against sellers.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, VendorId};
use sqlx::PgConnection;

use crate::domain::strikes::{Strike, Strikes};

/// Counts a credit, once.
pub async fn insert(
    conn: &mut PgConnection,
    credit: CreditId,
    vendor: VendorId,
    strike: Strike,
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into strikes (credit_id, vendor_id, kind, at) values ($1, $2, $3, $4)
             on conflict (credit_id) do nothing",
        credit.as_uuid(),
        vendor.as_uuid(),
        strike.into_str(),
        at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// What counts against a seller since then.
pub async fn count(
    conn: &mut PgConnection,
    vendor: VendorId,
    since: Timestamp,
) -> sqlx::Result<Strikes> {
    let query = sqlx::query!(
        r#"select count(*) filter (where kind = 'rejected') as "rejected!",
                  count(*) filter (where kind = 'late') as "late!"
             from strikes
            where vendor_id = $1 and at > $2"#,
        vendor.as_uuid(),
        since.to_sqlx(),
    );
    let row = query.fetch_one(conn).await?;
    Ok(Strikes { rejected: row.rejected, late: row.late })
}

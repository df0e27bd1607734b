//! What counts against sellers.

use contracts::order::SellerOrderRef;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::CreditId;
use sqlx::PgConnection;
use uuid::Uuid;

/// Why it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Strike {
    /// It did not supply what was ordered.
    Rejected,
    /// It did not accept or ship in time.
    Late,
}

/// Counts a credit, once.
pub async fn insert(
    conn: &mut PgConnection,
    of: &SellerOrderRef,
    credit: CreditId,
    strike: Strike,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into strikes (credit_id, vendor_id, kind, at) values ($1, $2, $3, $4)
         on conflict do nothing",
        credit.as_uuid(),
        of.vendor_id.as_uuid(),
        strike.into_str(),
        of.at.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// How much of it there was of one seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strikes {
    pub vendor_id: Uuid,
    pub rejected: i64,
    pub late: i64,
}

/// What counts against these sellers since then. One without is left out.
pub async fn count(
    conn: &mut PgConnection,
    vendors: &[Uuid],
    since: Timestamp,
) -> sqlx::Result<Vec<Strikes>> {
    let query = sqlx::query_as!(
        Strikes,
        r#"select vendor_id, count(*) filter (where kind = 'rejected') as "rejected!",
                  count(*) filter (where kind = 'late') as "late!"
             from strikes
            where vendor_id = any($1) and at > $2
            group by vendor_id"#,
        vendors,
        since.to_sqlx(),
    );
    query.fetch_all(conn).await
}

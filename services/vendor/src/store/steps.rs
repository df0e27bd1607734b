//! What became of applications, step by step.

use chassis::row;
use contracts::vendor::Correction;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::VendorId;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::vendor::Vendor;

/// A step of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub status: String,
    /// Staff's reason, where there is one.
    pub reason: Option<String>,
    /// What they asked to be corrected.
    pub corrections: Vec<Correction>,
    pub at: Timestamp,
}

/// Writes down where a seller stands from this version on.
pub async fn insert(
    conn: &mut PgConnection,
    vendor: &Vendor,
    corrections: &[Correction],
    now: Timestamp,
) -> sqlx::Result<()> {
    let status = &vendor.standing.status;
    let query = sqlx::query!(
        "insert into vendor_steps (vendor_id, version, status, reason, corrections, at) values ($1, $2, $3, $4, $5, $6)",
        vendor.id.as_uuid(),
        vendor.version,
        status.into_str(),
        status.reason(),
        Json(corrections) as _,
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// What staff ask a rejected seller to correct; nothing once it is elsewhere.
pub async fn corrections(
    conn: &mut PgConnection,
    vendor: &Vendor,
) -> sqlx::Result<Vec<Correction>> {
    let query = sqlx::query_scalar!(
        r#"select corrections as "corrections: Json<Vec<Correction>>"
             from vendor_steps
            where vendor_id = $1 and $2 = 'rejected'
            order by version desc
            limit 1"#,
        vendor.id.as_uuid(),
        vendor.standing.status.into_str(),
    );
    Ok(query.fetch_optional(conn).await?.map(|kept| kept.0).unwrap_or_default())
}

/// All steps of a seller, the oldest first. Those before this was kept are not among them.
pub async fn list(conn: &mut PgConnection, vendor_id: VendorId) -> sqlx::Result<Vec<Step>> {
    let query = sqlx::query!(
        r#"select status, reason, corrections as "corrections: Json<Vec<Correction>>", at as "at: jiff_sqlx::Timestamp"
             from vendor_steps
            where vendor_id = $1
            order by version"#,
        vendor_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?.into_iter();
    let step = rows.map(|row| Step {
        status: row.status,
        reason: row.reason,
        corrections: row.corrections.0,
        at: row.at.to_jiff(),
    });
    Ok(step.collect())
}

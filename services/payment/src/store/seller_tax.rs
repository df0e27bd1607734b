//! A copy: the registration of each seller.

use kernel::{Gstin, VendorId};
use sqlx::PgConnection;

/// Keeps a seller's registration, unless something later is known.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor: VendorId,
    gstin: Option<&Gstin>,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into seller_tax as s (vendor_id, gstin, version)
         values ($1, $2, $3)
         on conflict (vendor_id) do update set gstin = excluded.gstin, version = excluded.version
          where s.version < excluded.version",
        vendor.as_uuid(),
        gstin.map(Gstin::as_str),
        version,
    );
    query.execute(conn).await.map(drop)
}

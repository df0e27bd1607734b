//! Under which names and numbers sellers pay tax.

use kernel::{Gstin, VendorId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A seller as a tax office knows it; its permanent account number is sealed.
#[derive(Debug)]
pub struct Sealed {
    pub vendor_id: VendorId,
    pub legal_name: String,
    pub gstin: Option<Gstin>,
    pub pan: String,
}

/// Those of these sellers that were ever approved.
pub async fn list(conn: &mut PgConnection, ids: &[VendorId]) -> sqlx::Result<Vec<Sealed>> {
    let ids: Vec<Uuid> = ids.iter().map(VendorId::as_uuid).collect();
    let query = sqlx::query_as!(
        Sealed,
        r#"select id as "vendor_id: VendorId", legal_name, gstin as "gstin: Gstin", pan_sealed as pan
             from vendors
            where id = any($1) and status in ('approved', 'suspended')
            order by id"#,
        &ids,
    );
    query.fetch_all(conn).await
}

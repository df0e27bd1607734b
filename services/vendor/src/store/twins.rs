//! Sellers with the same numbers.

use kernel::{Gstin, VendorId};
use sqlx::PgConnection;

use crate::domain::check::Twin;
use crate::domain::vendor::Vendor;

/// Other sellers with a number of this one, the first to come first; twenty at most.
pub async fn list(conn: &mut PgConnection, vendor: &Vendor) -> sqlx::Result<Vec<Twin>> {
    let query = sqlx::query_as!(
        Twin,
        r#"select id as "vendor_id: VendorId", status in ('approved', 'suspended') as "is_approved!",
                  coalesce(gstin = $2, false) as "gstin!", coalesce(pan_mark = $3, false) as "pan!",
                  coalesce(account_mark = $4, false) as "account!"
             from vendors
            where id <> $1 and (gstin = $2 or pan_mark = $3 or account_mark = $4)
            order by id
            limit 20"#,
        vendor.id.as_uuid(),
        vendor.gstin.as_ref().map(Gstin::as_str),
        vendor.sealed.pan_mark,
        vendor.sealed.account_mark,
    );
    query.fetch_all(conn).await
}

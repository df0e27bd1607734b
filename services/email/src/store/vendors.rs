//! Who answers for a seller: a copy.

use contracts::vendor::VendorChanged;
use kernel::{UserId, VendorId};
use sqlx::PgConnection;

use crate::domain::rate_ending::charges_tax;

/// A seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// Who answers for it.
    pub owner: UserId,
    /// The name buyers see.
    pub name: String,
    /// Whether its prices contain tax.
    pub charges_tax: bool,
}

/// Keeps a seller, unless something later is known.
pub async fn upsert(
    conn: &mut PgConnection,
    vendor: &VendorChanged,
    version: i64,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into vendors as v (vendor_id, owner_id, display_name, version, charges_tax)
         values ($1, $2, $3, $4, $5)
         on conflict (vendor_id) do update
            set owner_id = excluded.owner_id, display_name = excluded.display_name, version = excluded.version,
                charges_tax = excluded.charges_tax
          where v.version < excluded.version",
        vendor.vendor_id.as_uuid(),
        vendor.owner.as_uuid(),
        vendor.display_name,
        version,
        charges_tax(vendor),
    );
    query.execute(conn).await.map(drop)
}

/// A seller; nothing when it was not heard of yet.
pub async fn find(conn: &mut PgConnection, vendor: VendorId) -> sqlx::Result<Option<Vendor>> {
    let query = sqlx::query!(
        "select owner_id, display_name, charges_tax from vendors where vendor_id = $1",
        vendor.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| Vendor {
        owner: row.owner_id,
        name: row.display_name,
        charges_tax: row.charges_tax,
    }))
}

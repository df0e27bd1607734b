//! Keeps the copy of who acts for which seller.

use chassis::Tx;
use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::store::vendors;

/// Takes over the members of a seller, unless a newer version is known. The next token of each of them shows it.
pub async fn project_members(
    tx: &mut Tx,
    vendor: &VendorChanged,
    version: i64,
) -> Result<(), Error> {
    let vendor_id = vendor.vendor_id;
    // First, because it locks the seller: members of two versions do not mix.
    if !vendors::upsert(tx.conn(), vendor_id, version).await? {
        return Ok(());
    }
    vendors::delete_members(tx.conn(), vendor_id).await?;
    vendors::insert_members(tx.conn(), vendor_id, &vendor.members).await?;
    Ok(())
}

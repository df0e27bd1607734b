//! Copies whether a seller may be paid.

use chassis::Tx;
use contracts::vendor::{VendorChanged, VendorStatus};

use crate::error::Error;
use crate::store::sellers;

pub async fn project_seller(
    tx: &mut Tx,
    vendor: &VendorChanged,
    version: i64,
) -> Result<(), Error> {
    // A bank account is on file with every seller that was approved.
    let is_approved = match vendor.status {
        VendorStatus::Approved => true,
        VendorStatus::Draft
        | VendorStatus::Submitted
        | VendorStatus::Rejected
        | VendorStatus::Suspended
        | VendorStatus::Unknown => false,
    };
    Ok(sellers::upsert(tx.conn(), vendor.vendor_id, is_approved, version).await?)
}

//! What the neighbours own, kept as heard.

use chassis::Tx;
use contracts::rating::{RatingSummary, Subject};
use contracts::vendor::{VendorChanged, VendorStatus};

use crate::error::Error;
use crate::store;

pub async fn seller(tx: &mut Tx, seller: &VendorChanged, version: i64) -> Result<(), Error> {
    let active = match seller.status {
        VendorStatus::Approved => true,
        VendorStatus::Draft
        | VendorStatus::Submitted
        | VendorStatus::Rejected
        | VendorStatus::Suspended
        | VendorStatus::Unknown => false,
    };
    Ok(store::projections::set_seller(tx.conn(), seller.vendor_id, active, version).await?)
}

/// Keeps the stars of a product; those of sellers are not shown here.
pub async fn rating(tx: &mut Tx, summary: &RatingSummary, version: i64) -> Result<(), Error> {
    match summary.subject {
        Subject::Vendor(_) => Ok(()),
        Subject::Product(product_id) => {
            let RatingSummary { sum, count, .. } = *summary;
            Ok(store::projections::set_rating(tx.conn(), product_id, sum, count, version).await?)
        }
    }
}

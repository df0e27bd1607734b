//! The stars of a seller, copied for its public page.

use chassis::Tx;
use contracts::rating::{RatingSummary, Subject};

use crate::error::Error;
use crate::store;

pub async fn project_rating(
    tx: &mut Tx,
    summary: &RatingSummary,
    version: i64,
) -> Result<(), Error> {
    match summary.subject {
        Subject::Vendor(vendor_id) => {
            let (sum, count) = (summary.sum, summary.count);
            Ok(store::ratings::upsert(tx.conn(), vendor_id, sum, count, version).await?)
        }
        Subject::Product(_) => Ok(()),
    }
}

//! Staff decided about a seller; here it takes effect.

use chassis::Tx;
use contracts::admin::{Decision, VendorDecided};
use contracts::vendor::{VendorApproved, VendorRejected, VendorSuspended};
use jiff::Timestamp;

use super::{events_out, payout_account};
use crate::domain::standing::{Ruling, SellerStatus, SellerStep};
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::store;

/// Moves the seller to where the decision leads, if it leads anywhere from where it stands.
pub async fn decide(tx: &mut Tx, decided: VendorDecided) -> Result<(), Error> {
    let VendorDecided { vendor_id, reason, decided_at, .. } = decided;
    let ruling = match decided.decision {
        Decision::Approve => Ruling::Approve,
        Decision::Reject => Ruling::Reject { reason },
        Decision::Suspend => Ruling::Suspend { reason },
        Decision::Unknown => {
            tracing::warn!(vendor.id = %vendor_id, "a decision of a kind that is not known here");
            return Ok(());
        }
    };
    // Locked, because a member may be editing or handing in.
    let mut vendor = store::vendors::lock(tx.conn(), vendor_id).await?.ok_or(Error::NotFound)?;

    let before = vendor.standing.clone();
    let step = vendor.standing.apply(ruling, decided_at);
    // Also where the seller stays: its time is kept, so that an older decision no longer counts.
    if vendor.standing != before {
        let now = tx.now();
        store::vendors::update(tx.conn(), &mut vendor, now).await?;
    }
    match step {
        SellerStep::Moved => {
            let approved = vendor.standing.status == SellerStatus::Approved;
            if approved && vendor.payout_account.is_none() {
                payout_account::give(tx, &mut vendor).await?;
            }
            let again = matches!(before.status, SellerStatus::Suspended { .. });
            emit(tx, &vendor, again, decided_at);
        }
        SellerStep::Unmoved => {
            let word = vendor.standing.status.into_str();
            tracing::info!(vendor.id = %vendor_id, "seller {vendor_id} stays {word}");
        }
    }
    Ok(())
}

fn emit(tx: &mut Tx, vendor: &Vendor, again: bool, at: Timestamp) {
    let (vendor_id, owner) = (vendor.id, vendor.owner);
    match &vendor.standing.status {
        SellerStatus::Approved => {
            let display_name = vendor.display_name.as_str().to_owned();
            tx.emit(&VendorApproved { vendor_id, owner, display_name, again, approved_at: at });
        }
        SellerStatus::Rejected { reason } => {
            let reason = reason.clone();
            tx.emit(&VendorRejected { vendor_id, owner, reason, rejected_at: at });
        }
        SellerStatus::Suspended { reason } => {
            let reason = reason.clone();
            tx.emit(&VendorSuspended { vendor_id, owner, reason, suspended_at: at });
        }
        // No decision leads there.
        SellerStatus::Draft | SellerStatus::Submitted => {}
    }
    events_out::changed(tx, vendor);
}

//! Staff decided about a seller; here it takes effect.

use chassis::Tx;
use contracts::admin::{Decision, VendorDecided};
use contracts::vendor::{Correction, VendorApproved, VendorRejected, VendorSuspended};
use jiff::Timestamp;

use super::{events_out, payout_account};
use crate::domain::standing::{Ruling, SellerStatus, SellerStep};
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::store;

/// Moves the seller to where the decision leads, if it leads anywhere from where it stands.
pub async fn decide(tx: &mut Tx, decided: VendorDecided) -> Result<(), Error> {
    let VendorDecided { vendor_id, reason, corrections, decided_at, .. } = decided;
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
    let (ruling, corrections) = if ruling == Ruling::Approve && is_taken(tx, &vendor).await? {
        turned_down()
    } else {
        (ruling, corrections)
    };

    let before = vendor.standing.clone();
    let step = vendor.standing.apply(ruling, decided_at);
    // Also where the seller stays: its time is kept, so that an older decision no longer counts.
    if vendor.standing != before {
        let now = tx.now();
        store::vendors::update(tx.conn(), &mut vendor, now).await?;
    }
    match step {
        SellerStep::Moved => {
            store::steps::insert(tx.conn(), &vendor, &corrections, decided_at).await?;
            let approved = vendor.standing.status == SellerStatus::Approved;
            if approved && vendor.payout_account.is_none() {
                payout_account::give(tx, &mut vendor).await?;
            }
            let again = matches!(before.status, SellerStatus::Suspended { .. });
            emit(tx, &vendor, again, corrections, decided_at);
        }
        SellerStep::Unmoved => {
            let word = vendor.standing.status.into_str();
            tracing::info!(vendor.id = %vendor_id, "seller {vendor_id} stays {word}");
        }
    }
    Ok(())
}

/// Whether somebody else was let in with this registration. Of two that are approved at once the first has it.
async fn is_taken(tx: &mut Tx, vendor: &Vendor) -> Result<bool, Error> {
    let Some(gstin) = &vendor.gstin else { return Ok(false) };
    store::vendors::lock_registrations(tx.conn()).await?;
    Ok(store::vendors::has_approved(tx.conn(), gstin, Some(vendor.id)).await?)
}

/// What becomes of an approval that came second.
fn turned_down() -> (Ruling, Vec<Correction>) {
    let reason = "another seller was approved with this GSTIN".to_owned();
    let correction = Correction { at: "/gstin".to_owned(), why: reason.clone() };
    (Ruling::Reject { reason }, vec![correction])
}

fn emit(tx: &mut Tx, vendor: &Vendor, again: bool, corrections: Vec<Correction>, at: Timestamp) {
    let (vendor_id, owner) = (vendor.id, vendor.owner);
    match &vendor.standing.status {
        SellerStatus::Approved => {
            let display_name = vendor.display_name.as_str().to_owned();
            tx.emit(&VendorApproved { vendor_id, owner, display_name, again, approved_at: at });
        }
        SellerStatus::Rejected { reason } => {
            let reason = reason.clone();
            tx.emit(&VendorRejected { vendor_id, owner, reason, corrections, rejected_at: at });
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

//! Staff buy and sell here, too. Nobody decides, alone or with another, about money that would be their own.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{PayoutId, VendorId, WriteOffId};
use uuid::Uuid;

use crate::domain::Refused;
use crate::error::Error;
use crate::store::{parties, payouts, write_offs};

/// Refuses whoever bought or sold what a payment, an order, a refund or a dispute is about.
pub async fn refuse_own(tx: &mut Tx, about: Uuid, staff: &Caller) -> Result<(), Error> {
    let parties = parties::find(tx.conn(), about).await?;
    if parties.buyers.contains(&staff.user_id) {
        return Err(Refused::OwnPurchase.into());
    }
    if parties.vendors.iter().any(|vendor| staff.vendors.contains(vendor)) {
        return Err(Refused::OwnSeller.into());
    }
    Ok(())
}

/// Refuses whoever acts for this seller.
pub fn refuse_own_seller(vendor: VendorId, staff: &Caller) -> Result<(), Error> {
    if staff.vendors.contains(&vendor) { Err(Refused::OwnSeller.into()) } else { Ok(()) }
}

/// Refuses whoever acts for the seller whose debt would be written off.
pub async fn refuse_own_debt(tx: &mut Tx, id: WriteOffId, staff: &Caller) -> Result<(), Error> {
    let write_off = write_offs::lock(tx.conn(), id).await?;
    write_off.map_or(Ok(()), |found| refuse_own_seller(found.vendor_id, staff))
}

/// Refuses whoever acts for the seller that a payout goes to.
pub async fn refuse_own_payout(tx: &mut Tx, id: PayoutId, staff: &Caller) -> Result<(), Error> {
    let payout = payouts::find(tx.conn(), id).await?;
    payout.map_or(Ok(()), |payout| refuse_own_seller(payout.vendor_id, staff))
}

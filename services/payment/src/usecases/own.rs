//! Staff buy and sell here, too. Nobody decides, alone or with another, about money that would be their own.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{PayoutId, SellerOrderId, VendorId};
use uuid::Uuid;

use crate::domain::Refused;
use crate::error::Error;
use crate::store::parties::{self, Parties};
use crate::store::payouts;

/// Refuses whoever bought or sold what a payment, an order, a refund or a dispute is about.
pub async fn refuse_own(tx: &mut Tx, about: Uuid, staff: &Caller) -> Result<(), Error> {
    refuse_parties(&parties::find(tx.conn(), about).await?, staff)
}

/// Refuses whoever bought or sold what was paid with this cash.
pub async fn refuse_own_cash(
    tx: &mut Tx,
    seller_orders: &[SellerOrderId],
    staff: &Caller,
) -> Result<(), Error> {
    refuse_parties(&parties::find_of_parts(tx.conn(), seller_orders).await?, staff)
}

fn refuse_parties(parties: &Parties, staff: &Caller) -> Result<(), Error> {
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

/// Refuses whoever acts for the seller that a payout goes to.
pub async fn refuse_own_payout(tx: &mut Tx, id: PayoutId, staff: &Caller) -> Result<(), Error> {
    let payout = payouts::find(tx.conn(), id).await?;
    payout.map_or(Ok(()), |payout| refuse_own_seller(payout.vendor_id, staff))
}

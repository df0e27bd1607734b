//! A seller counts pieces in or out.

use chassis::Tx;
use chassis::auth::VendorOf;
use kernel::{MovementId, Sku};

use super::settle;
use crate::domain::stock::{Cause, Count, Counters, Move};
use crate::domain::text::Reason;
use crate::error::Error;
use crate::store;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub id: MovementId,
    pub entry: Move,
    pub counters: Counters,
}

#[tracing::instrument(name = "product.move_stock", skip_all, fields(product.sku = %sku))]
pub async fn move_stock(
    tx: &mut Tx,
    seller: &VendorOf,
    sku: Sku,
    count: Count,
    reason: Reason,
) -> Result<Moved, Error> {
    let cause = Cause::ByHand { reason, by: seller.caller.user_id };
    let entry = Move { sku, kind: count.kind(), quantity: count.get(), cause };
    // Before the lock: whose a SKU is never changes.
    let owner = store::variants::find(tx.conn(), &entry.sku).await?;
    owner.filter(|(vendor_id, _)| *vendor_id == seller.vendor_id).ok_or(Error::NotFound)?;
    let mut shelf = store::stock::lock(tx.conn(), [&entry.sku]).await?;
    let ids = settle::carry_out(tx, &mut shelf, std::slice::from_ref(&entry)).await?;
    let slot = shelf.slot(&entry.sku).ok_or(Error::NotFound)?;
    let id = ids.first().copied().ok_or(Error::NotFound)?;
    Ok(Moved { id, entry, counters: slot.counters })
}

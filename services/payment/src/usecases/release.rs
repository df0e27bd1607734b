//! The time to send something back is over: its seller may have the money.

use chassis::Tx;
use contracts::order::SellerOrderRef;
use kernel::{PaymentId, SellerOrderId};
use tracing::{info, warn};

use super::take_cash::take;
use crate::domain::ledger::Journal;
use crate::domain::{Method, Payment, PaymentProgress, Share};
use crate::error::Error;
use crate::store::{ledger, payments, sellers, shares};

/// Frees what a seller is owed for a seller order, once; for one whose cash is not here yet, when it comes.
pub async fn release(tx: &mut Tx, order: &SellerOrderRef) -> Result<(), Error> {
    let seller_order = order.seller_order_id;
    let found = shares::find_payment(tx.conn(), order.vendor_id, seller_order).await?;
    let id = found.ok_or(Error::NotYet("the payment"))?;
    // Takes turns with credits and with cash that is reported.
    let mut payment = payments::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if payment.method == Method::Upi && payment.status != PaymentProgress::Captured {
        return Err(Error::NotYet("the capture"));
    }
    let now = tx.now();
    if !shares::complete(tx.conn(), id, seller_order, now).await? {
        return Ok(());
    }
    let standing = shares::find(tx.conn(), id, seller_order).await?.ok_or(Error::NotFound)?;
    if payment.method == Method::Cod && standing.collected.is_none() {
        return take_unreported(tx, &mut payment, &standing.left).await;
    }
    release_share(tx, id, &standing.left).await
}

/// A buyer gives the cash for a parcel to get it: what was delivered and kept was paid for, reported or not. Whoever carried
/// it has the cash.
pub async fn take_unreported(
    tx: &mut Tx,
    payment: &mut Payment,
    left: &Share,
) -> Result<(), Error> {
    if payment.status != PaymentProgress::CodAccepted || left.gross.is_zero() {
        return Ok(());
    }
    let seller_order = left.seller_order_id;
    warn!(payment.id = %payment.id, seller_order.id = %seller_order, "nobody reported the cash for {seller_order}");
    take(tx, payment, left).await?;
    release_share(tx, payment.id, left).await
}

/// Frees what is left of a share that was paid for and completed.
pub async fn release_share(tx: &mut Tx, payment: PaymentId, left: &Share) -> Result<(), Error> {
    let journal = Journal::release(left)?;
    if journal.postings.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    ledger::post(tx.conn(), payment, &journal, now).await?;
    let (seller_order, owed) = (left.seller_order_id, left.payable);
    info!(payment.id = %payment, seller_order.id = %seller_order, "{owed} of {seller_order} are free");
    Ok(())
}

/// What is left of a share that was paid for, of which all was taken back, some of it too late for its tax: that stays at
/// the seller's charge. Nobody completes it any more. The balance of its seller is locked, so that this comes before
/// anything is posted.
pub async fn lock_if_ended(
    tx: &mut Tx,
    payment: &Payment,
    seller_order: SellerOrderId,
) -> Result<Option<Share>, Error> {
    let standing = shares::find(tx.conn(), payment.id, seller_order).await?;
    let standing = standing.ok_or(Error::NotFound)?;
    let left = standing.left;
    let is_paid = payment.method == Method::Upi || standing.collected.is_some();
    if !is_paid || standing.completed || !left.gross.is_zero() || left.payable.is_zero() {
        return Ok(None);
    }
    sellers::lock(tx.conn(), &[left.vendor_id], left.payable.currency()).await?;
    Ok(Some(left))
}

/// Charges a seller at once with what [`lock_if_ended`] found.
pub async fn release_ended(tx: &mut Tx, payment: PaymentId, left: &Share) -> Result<(), Error> {
    let now = tx.now();
    if shares::complete(tx.conn(), payment, left.seller_order_id, now).await? {
        release_share(tx, payment, left).await?;
    }
    Ok(())
}

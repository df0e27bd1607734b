//! A seller says that the cash for a delivered order was taken.

use chassis::Tx;
use contracts::payment::CodCollected;
use jiff::Timestamp;
use kernel::{Money, SellerOrderId, VendorId};
use tracing::info;

use super::events_out::about;
use super::release::release_share;
use super::set_off::set_offs;
use crate::App;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, PaymentProgress, Refused, Share};
use crate::error::Error;
use crate::store::{deliveries, ledger, payments, shares};

#[derive(Debug)]
pub struct Collected {
    pub payment: Payment,
    pub seller_order: SellerOrderId,
    /// What was due at that time.
    pub amount: Money,
    pub at: Timestamp,
}

/// Writes down that the cash was taken, once.
pub async fn collect(
    app: &App,
    vendor: VendorId,
    seller_order: SellerOrderId,
) -> Result<Collected, Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let id = shares::find_payment(tx.conn(), vendor, seller_order).await?.ok_or(Error::NotFound)?;
    // The cash of one payment is taken in turns: whoever takes the last of it finds all the others.
    let mut payment = payments::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let standing = shares::find(tx.conn(), id, seller_order).await?.ok_or(Error::NotFound)?;

    // Before anything is refused: reported again, it answers as before, whatever became of the payment.
    if let Some((at, amount)) = standing.collected {
        return Ok(Collected { payment, seller_order, amount, at });
    }
    let left = standing.left;
    // What was taken back as a whole is not due either.
    if payment.status != PaymentProgress::CodAccepted || left.gross.is_zero() {
        return Err(Refused::NotCod.into());
    }
    if !deliveries::exists(tx.conn(), seller_order).await? {
        return Err(Refused::NotDelivered.into());
    }
    take(&mut tx, &mut payment, &left).await?;
    if standing.completed {
        release_share(&mut tx, id, &left).await?;
    }
    tx.commit().await?;

    info!(payment.id = %id, seller_order.id = %seller_order, "the cash for {seller_order} was taken");
    Ok(Collected { payment, seller_order, amount: left.gross, at: now })
}

/// Books the cash for `share`.
pub(super) async fn take(tx: &mut Tx, payment: &mut Payment, share: &Share) -> Result<(), Error> {
    let now = tx.now();
    shares::collect(tx.conn(), payment.id, share.seller_order_id, share.gross, now).await?;
    let behind = set_offs(tx, std::slice::from_ref(share)).await?;
    ledger::post(tx.conn(), payment.id, &Journal::cash(share)?, now).await?;
    for set_off in behind {
        ledger::post(tx.conn(), payment.id, &set_off, now).await?;
    }
    let (collected, all) = shares::count_collected(tx.conn(), payment.id).await?;
    if collected == all {
        payment.status = PaymentProgress::CodCollected;
    }
    payments::update(tx.conn(), payment, now).await?;
    tx.emit(&CodCollected {
        payment: about(payment, now),
        seller_order_id: share.seller_order_id,
        vendor_id: share.vendor_id,
        collected: share.gross,
    });
    Ok(())
}

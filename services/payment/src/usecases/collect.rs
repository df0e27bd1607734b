//! A seller says that the cash for a delivered order was taken.

use chassis::Tx;
use contracts::payment::CodCollected;
use jiff::Timestamp;
use kernel::{SellerOrderId, VendorId};
use tracing::info;

use super::events_out::about;
use crate::App;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, PaymentProgress, Refused, Share};
use crate::error::Error;
use crate::store::{deliveries, ledger, payments, shares};

#[derive(Debug)]
pub struct Collected {
    pub payment: Payment,
    pub share: Share,
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
    let all = shares::list(tx.conn(), id).await?;
    let share = all.into_iter().find(|share| share.seller_order_id == seller_order);
    let share = share.ok_or(Error::NotFound)?;

    // Before anything is refused: reported again, it answers as before, whatever became of the payment.
    if let Some(at) = shares::find_collected_at(tx.conn(), id, seller_order).await? {
        return Ok(Collected { payment, share, at });
    }
    if payment.status != PaymentProgress::CodAccepted {
        return Err(Refused::NotCod.into());
    }
    if !deliveries::exists(tx.conn(), seller_order).await? {
        return Err(Refused::NotDelivered.into());
    }
    take(&mut tx, &mut payment, &share).await?;
    tx.commit().await?;

    info!(payment.id = %id, seller_order.id = %seller_order, "the cash for {seller_order} was taken");
    Ok(Collected { payment, share, at: now })
}

async fn take(tx: &mut Tx, payment: &mut Payment, share: &Share) -> Result<(), Error> {
    let now = tx.now();
    shares::collect(tx.conn(), payment.id, share.seller_order_id, now).await?;
    ledger::post(tx.conn(), payment.id, &Journal::cash(share)?, now).await?;
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

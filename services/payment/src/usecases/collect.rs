//! A seller says that the cash for a delivered order was taken.

use jiff::Timestamp;
use kernel::{Money, SellerOrderId, VendorId};
use tracing::info;

use super::release::release_share;
use super::take_cash::take;
use crate::App;
use crate::domain::{Payment, PaymentProgress, Refused};
use crate::error::Error;
use crate::store::{deliveries, payments, shares};

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

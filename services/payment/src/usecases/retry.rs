//! A buyer tries again to pay the same order.

use chassis::Tx;
use kernel::{PaymentId, UserId};
use tracing::info;

use super::open::Open;
use crate::domain::Payment;
use crate::error::Error;
use crate::store::attempts::{self, Attempt};
use crate::store::payments;

/// Lets another way to pay be opened. While one is being opened, asking again changes nothing.
pub async fn retry(
    tx: &mut Tx,
    buyer: UserId,
    id: PaymentId,
) -> Result<(Payment, Vec<Attempt>), Error> {
    let now = tx.now();
    // Locked, so that two requests at once open one way to pay.
    let found = payments::lock(tx.conn(), id).await?;
    let mut payment = found.filter(|payment| payment.buyer == buyer).ok_or(Error::NotFound)?;
    let tried = attempts::list(tx.conn(), id).await?;
    if payment.retry(tried.len(), now)? {
        payment.opening = true;
        payments::update(tx.conn(), &mut payment, now).await?;
        tx.schedule(&Open { payment_id: id }, now).await?;
        info!(payment.id = %id, "payment {id} is tried again");
    }
    Ok((payment, tried))
}

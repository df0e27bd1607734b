//! A buyer tries again to pay the same order.

use kernel::{PaymentId, UserId};
use tracing::info;

use super::open::Open;
use crate::App;
use crate::domain::Payment;
use crate::error::Error;
use crate::store::{attempts, payments};

/// Lets another way to pay be opened. While one is being opened, asking again changes nothing.
pub async fn retry(app: &App, buyer: UserId, id: PaymentId) -> Result<Payment, Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let found = payments::lock(tx.conn(), id).await?;
    let mut payment = found.filter(|payment| payment.buyer == buyer).ok_or(Error::NotFound)?;
    let tried = attempts::count(tx.conn(), id).await?;
    if !payment.retry(usize::try_from(tried).unwrap_or(usize::MAX), now)? {
        return Ok(payment);
    }
    payment.opening = true;
    payments::update(tx.conn(), &mut payment, now).await?;
    tx.schedule(&Open { payment_id: id }, now).await?;
    tx.commit().await?;

    info!(payment.id = %id, "payment {id} is tried again");
    Ok(payment)
}

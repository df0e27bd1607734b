//! The order service gives a payment up.

use chassis::Tx;
use contracts::payment::PaymentCancelled;
use kernel::PaymentId;
use tracing::{error, info};

use super::events_out::about;
use crate::domain::PaymentProgress;
use crate::error::Error;
use crate::store::{early_cancels, payments, shares};

/// Gives a payment up, unless the money is here. Then its capture was told, and stands.
pub async fn cancel(tx: &mut Tx, id: PaymentId) -> Result<(), Error> {
    let now = tx.now();
    // Locked, so that money that comes now is either here first, or finds the payment given up.
    let Some(mut payment) = payments::lock(tx.conn(), id).await? else {
        // Not heard of yet: `create` will give it up as it begins.
        return Ok(early_cancels::insert(tx.conn(), id, now).await?);
    };
    let Some(next) = payment.status.cancel() else { return Ok(()) };
    if payment.status == PaymentProgress::CodAccepted {
        let (collected, _) = shares::count_collected(tx.conn(), id).await?;
        if collected > 0 {
            error!(payment.id = %id, "payment {id} is not cancelled: part of its cash was taken");
            return Ok(());
        }
    }
    payment.status = next;
    payments::update(tx.conn(), &mut payment, now).await?;
    tx.emit(&PaymentCancelled { payment: about(&payment, now) });

    info!(payment.id = %id, order.id = %payment.order_id, "payment {id} is cancelled");
    if next == PaymentProgress::CapturedLate {
        error!(payment.id = %id, "payment {id} was given up with money that has to go back");
    }
    Ok(())
}

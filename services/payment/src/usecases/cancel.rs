//! The order service gives a payment up.

use chassis::Tx;
use kernel::PaymentId;
use tracing::{error, info};

use super::answer::answer;
use super::last_look::{LastLook, close, give_up};
use crate::App;
use crate::domain::{Payment, PaymentProgress};
use crate::error::Error;
use crate::store::{early_cancels, payments, shares};

/// Gives a payment up, unless the money is here. Whoever asks again is told again what became of it.
pub async fn cancel(app: &App, tx: &mut Tx, id: PaymentId) -> Result<(), Error> {
    let now = tx.now();
    // Locked, so that money that comes now is either here first, or finds the payment given up.
    let Some(payment) = payments::lock(tx.conn(), id).await? else {
        // Not heard of yet: `create` will give it up as it begins.
        return Ok(early_cancels::insert(tx.conn(), id, now).await?);
    };
    match payment.status.cancel() {
        None => answer(app, tx, &payment).await,
        Some(PaymentProgress::Closing) => begin_closing(app, tx, payment).await,
        Some(PaymentProgress::CodVoid) => void(app, tx, payment).await,
        Some(end) => give_up(app, tx, payment, end).await,
    }
}

/// Has the provider asked for the last time. One that does not know the payment cannot have taken money for it.
async fn begin_closing(app: &App, tx: &mut Tx, mut payment: Payment) -> Result<(), Error> {
    let now = tx.now();
    payment.begin_closing();
    let Some(order_id) = payment.provider_order_id.clone() else {
        return close(app, tx, payment).await;
    };
    payments::update(tx.conn(), &mut payment, now).await?;
    tx.schedule(&LastLook::begin(payment.id, order_id, now), now).await?;
    info!(payment.id = %payment.id, order.id = %payment.order_id, "payment {} closes", payment.id);
    Ok(())
}

async fn void(app: &App, tx: &mut Tx, payment: Payment) -> Result<(), Error> {
    let id = payment.id;
    let (collected, _) = shares::count_collected(tx.conn(), id).await?;
    if collected > 0 {
        error!(payment.id = %id, "payment {id} is not cancelled: part of its cash was taken");
        return answer(app, tx, &payment).await;
    }
    give_up(app, tx, payment, PaymentProgress::CodVoid).await
}

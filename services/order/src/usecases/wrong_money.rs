//! Money that came and does not pay the order: its timeline says so.

use chassis::Tx;
use contracts::payment::PaymentRef;
use kernel::Money;

use super::step::Locked;
use crate::App;
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};

/// Writes down that `received` came. What becomes of it is payment-service's doing.
pub async fn note_wrong_money(
    app: &App,
    tx: &mut Tx,
    payment: &PaymentRef,
    received: Money,
    cause: &'static str,
) -> Result<(), Error> {
    let order = Locked::take_for_fact(tx, payment.order_id).await?;
    let (order_id, now) = (order.row.order_id, tx.now());
    let cause = Cause { name: cause, at: now };
    let what = received.to_string();
    store::history::insert(tx.conn(), order_id, What::default().saying(&what), cause).await?;
    store::orders::touch(tx.conn(), order_id, now).await?;
    app.changes.notify(tx, order.row.checkout_id);
    Ok(())
}

//! Money at the door and on its way back to the buyer: kept for the view of the order, and told in its timeline once it is
//! there.

use chassis::Tx;
use contracts::payment::{
    CodCollected, ForeignRefundSeen, RefundDone, RefundFailed, RefundRef, RefundRequested,
};

use crate::domain::refund::RefundState;
use crate::error::Error;
use crate::store::history::{self, Cause, What};
use crate::store::{cash, orders, refunds};

/// The cash for a seller order was taken at the door.
pub async fn note_cash(tx: &mut Tx, event: &CodCollected) -> Result<(), Error> {
    let (order_id, now) = (event.payment.order_id, tx.now());
    orders::touch(tx.conn(), order_id, now).await?;
    cash::put(tx.conn(), event).await?;
    if cash::is_new(tx.conn(), event).await? {
        let at = history::moment(tx.conn(), order_id, event.payment.at, now).await?;
        let (part, detail) = (event.seller_order_id, event.collected.to_string());
        let (what, cause) = (What::of(part, None).saying(&detail), Cause { name: cash::CAUSE, at });
        history::insert(tx.conn(), order_id, what, cause).await?;
    }
    Ok(())
}

/// Money is owed to the buyer.
pub async fn note_refund(tx: &mut Tx, event: &RefundRequested) -> Result<(), Error> {
    keep(tx, &event.refund, RefundState::Requested, None).await
}

/// Somebody gave money back at the provider. It is told once it is known what for.
pub async fn note_foreign_refund(tx: &mut Tx, event: &ForeignRefundSeen) -> Result<(), Error> {
    keep(tx, &event.refund, RefundState::Requested, None).await
}

/// The money could not go back. As long as it is tried again, that is nothing to the buyer.
pub async fn note_refund_failed(tx: &mut Tx, event: &RefundFailed) -> Result<(), Error> {
    if !event.needs_a_person {
        return Ok(());
    }
    keep(tx, &event.refund, RefundState::Delayed, None).await
}

/// The money is with the buyer's bank.
pub async fn note_refund_done(tx: &mut Tx, event: &RefundDone) -> Result<(), Error> {
    let (order_id, now) = (event.refund.order_id, tx.now());
    keep(tx, &event.refund, RefundState::Done, event.bank_reference.as_deref()).await?;
    if refunds::set_told(tx.conn(), &event.refund).await? {
        let at = history::moment(tx.conn(), order_id, event.refund.at, now).await?;
        let (cause, detail) = (Cause { name: "refund.done", at }, event.refund.amount.to_string());
        history::insert(tx.conn(), order_id, What::default().saying(&detail), cause).await?;
    }
    Ok(())
}

async fn keep(
    tx: &mut Tx,
    refund: &RefundRef,
    state: RefundState,
    reference: Option<&str>,
) -> Result<(), Error> {
    let now = tx.now();
    refunds::put(tx.conn(), refund, state, reference).await?;
    Ok(orders::touch(tx.conn(), refund.order_id, now).await?)
}

//! Money on its way back to the buyer: kept for the view of the order, and told in its timeline once it is there.

use chassis::Tx;
use contracts::payment::{ForeignRefundSeen, RefundDone, RefundFailed, RefundRef, RefundRequested};

use crate::domain::refund::RefundState;
use crate::error::Error;
use crate::store::{orders, refunds};

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
    refunds::tell(tx.conn(), &event.refund).await?;
    keep(tx, &event.refund, RefundState::Done, event.bank_reference.as_deref()).await
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

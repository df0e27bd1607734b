//! What is held for a dispute that sellers bear does not stay held.

use chassis::Tx;
use kernel::Money;
use tracing::info;

use crate::domain::Payment;
use crate::domain::ledger::Journal;
use crate::error::Error;
use crate::store::{disputes, ledger, refunds};

/// Once all of the order is taken back, nothing more is taken back from the sellers: what they should have borne and was
/// not among it the platform bears. The payment is locked.
pub async fn settle_hold(tx: &mut Tx, payment: &Payment) -> Result<(), Error> {
    let borne = disputes::list_borne_by_sellers(tx.conn(), payment.id).await?;
    if borne.is_empty() || !disputes::is_all_taken_back(tx.conn(), payment.id).await? {
        return Ok(());
    }
    let now = tx.now();
    for mut dispute in borne {
        // What is still to be paid may be paid by it.
        if refunds::any_requested(tx.conn(), &dispute.provider_payment_id).await? {
            return Ok(());
        }
        let awaited = disputes::find_awaited(tx.conn(), payment.id).await?;
        let rest = dispute.leave(Money::new(awaited, dispute.amount.currency()));
        if !rest.is_zero() {
            disputes::update(tx.conn(), &dispute).await?;
            let journal = Journal::dispute_rest(dispute.id, rest)?;
            ledger::post(tx.conn(), payment.id, &journal, now).await?;
            let id = dispute.id;
            info!(dispute.id = %id, "of dispute {id}, {rest} were not taken back from the sellers");
        }
    }
    Ok(())
}

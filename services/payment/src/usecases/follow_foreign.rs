//! What somebody gave back on the provider's own pages moves on there.

use chassis::Tx;

use crate::domain::ledger::Journal;
use crate::domain::refund::{Kind, RefundSeen, RefundSighting};
use crate::domain::{Refund, RefundStatus};
use crate::error::Error;
use crate::store::{ledger, refunds};

/// Whether it is nobody's yet.
pub fn is_foreign(refund: &Refund) -> bool {
    refund.kind == Kind::Foreign
}

/// A foreign refund moves on.
pub async fn follow(tx: &mut Tx, refund: &mut Refund, seen: &RefundSighting) -> Result<(), Error> {
    let now = tx.now();
    match (refund.status, seen.seen) {
        (RefundStatus::Accepted, RefundSeen::Processed) => {
            refund.finish(seen.bank_reference.clone(), now);
        }
        (RefundStatus::Accepted, RefundSeen::Failed) => {
            let journal = Journal::foreign_back(&seen.provider_refund_id, refund.amount)?;
            ledger::post(tx.conn(), refund.payment_id, &journal, now).await?;
            refund.accepted_at = None;
            refund.status = RefundStatus::Declined;
        }
        _ => return Ok(()),
    }
    Ok(refunds::update(tx.conn(), refund, now).await?)
}

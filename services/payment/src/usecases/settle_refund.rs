//! A person gave money back from our own account.

use chassis::Tx;
use kernel::RefundId;

use super::absorb_refund::{finish, lock};
use crate::domain::bank_reference::BankReference;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, Refund, RefundStatus, Refused};
use crate::error::Error;
use crate::store::ledger;

/// Writes down that a person paid a refund out, under which number at the bank.
pub async fn settle_refund(
    tx: &mut Tx,
    id: RefundId,
    bank_reference: &BankReference,
) -> Result<(Payment, Refund), Error> {
    let now = tx.now();
    let (payment, mut refund) = lock(tx, id).await?;
    let reference = Some(bank_reference.as_str().to_owned());
    match refund.status {
        RefundStatus::ByHand | RefundStatus::Stuck => {}
        // Reported again, it answers as before.
        RefundStatus::Done
            if refund.provider_refund_id.is_none() && refund.bank_reference == reference =>
        {
            return Ok((payment, refund));
        }
        RefundStatus::Requested | RefundStatus::Accepted | RefundStatus::Done => {
            return Err(Refused::NotByHand.into());
        }
    }
    let journal = Journal::refund_by_hand(id, refund.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    finish(tx, &payment, &mut refund, reference).await?;
    Ok((payment, refund))
}

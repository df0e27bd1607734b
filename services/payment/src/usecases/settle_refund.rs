//! A person gave money back from our own account.

use chassis::{Tx, violated};
use kernel::{Money, RefundId, UserId};
use tracing::info;

use super::absorb_refund::{finish, lock};
use super::disputed::{Way, way};
use crate::domain::bank_reference::BankReference;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, Refund, RefundStatus, Refused};
use crate::error::Error;
use crate::store::{ledger, refunds};

/// `who` says that a refund was paid out by hand, under which number at the bank. What is more than `alone_up_to`, or never
/// was at the provider, waits for somebody else who says so, too.
pub async fn settle_refund(
    tx: &mut Tx,
    id: RefundId,
    bank_reference: &BankReference,
    who: UserId,
    alone_up_to: Money,
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
        RefundStatus::Proposed
        | RefundStatus::Requested
        | RefundStatus::Accepted
        | RefundStatus::Done
        | RefundStatus::Declined => {
            return Err(Refused::NotByHand.into());
        }
    }
    if refund.hands.reported_reference == reference {
        return Ok((payment, refund));
    }
    // The bank may give the buyer the same money.
    if way(tx.conn(), &refund).await? == Way::Later {
        return Err(Refused::NotByHand.into());
    }
    refund.hands.reported_by = Some(who);
    refund.hands.reported_reference.clone_from(&reference);
    let kept = refunds::update(tx.conn(), &mut refund, now).await;
    if let Err(error) = &kept
        && violated(error) == Some("refunds_reported_reference_key")
    {
        return Err(Refused::BankReferenceTaken.into());
    }
    kept?;
    if refund.needs_two(alone_up_to) {
        info!(refund.id = %id, staff.id = %who, "refund {id} is reported, and waits for somebody else");
        return Ok((payment, refund));
    }
    pay_by_hand(tx, &payment, &refund).await?;
    finish(tx, &payment, &mut refund, reference).await?;
    Ok((payment, refund))
}

/// Books what left our own account.
pub async fn pay_by_hand(tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<(), Error> {
    let now = tx.now();
    let journal = Journal::refund_by_hand(refund.id, refund.amount)?;
    Ok(ledger::post(tx.conn(), payment.id, &journal, now).await?)
}

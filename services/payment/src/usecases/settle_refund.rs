//! A person gave money back from our own account.

use chassis::{Tx, violated};
use kernel::{RefundId, UserId};
use tracing::info;

use super::absorb_refund::lock;
use super::disputed::{Way, go_again, is_with_a_bank, way};
use crate::domain::bank_reference::BankReference;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, Refund, Refused};
use crate::error::Error;
use crate::store::{ledger, refunds};

/// What a member of staff says.
#[derive(Debug)]
pub struct Reported<'a> {
    pub bank_reference: &'a BankReference,
    /// Why it was not paid to the buyer's account.
    pub without_account: Option<String>,
}

/// `who` says that a refund was paid out by hand, under which number at the bank. It waits for somebody else who says so, too.
pub async fn settle_refund(
    tx: &mut Tx,
    id: RefundId,
    reported: Reported<'_>,
    who: UserId,
) -> Result<(Payment, Refund), Error> {
    let (payment, mut refund) = lock(tx, id).await?;
    let number = reported.bank_reference.as_str();
    if refund.was_reported(number)? {
        return Ok((payment, refund));
    }
    if way(tx.conn(), &refund).await? == Way::Later {
        return Err(Refused::NotByHand.into());
    }
    // The bank gave it: the dispute pays the refund, and nobody else.
    if is_with_a_bank(tx.conn(), &refund).await? {
        go_again(tx, &mut refund).await?;
        return Ok((payment, refund));
    }
    refund.report(who, number.to_owned(), reported.without_account)?;
    let now = tx.now();
    let kept = refunds::update(tx.conn(), &mut refund, now).await;
    if let Err(error) = &kept
        && violated(error) == Some("refunds_reported_reference_key")
    {
        return Err(Refused::BankReferenceTaken.into());
    }
    kept?;
    info!(refund.id = %id, staff.id = %who, "refund {id} is reported, and waits for somebody else");
    Ok((payment, refund))
}

/// Whether the buyer's bank asks for the same money as a person is to say was paid by hand, or gave it.
pub async fn is_asked_or_given_by_a_bank(tx: &mut Tx, refund: &Refund) -> Result<bool, Error> {
    let asked = way(tx.conn(), refund).await? == Way::Later;
    Ok(asked || is_with_a_bank(tx.conn(), refund).await?)
}

/// Books what left our own account.
pub async fn pay_by_hand(tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<(), Error> {
    let now = tx.now();
    let journal = Journal::refund_by_hand(refund.id, refund.amount)?;
    Ok(ledger::post(tx.conn(), payment.id, &journal, now).await?)
}

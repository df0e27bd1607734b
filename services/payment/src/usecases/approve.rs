//! A second member of staff agrees: that money is given, or that it was paid out by hand.

use chassis::Tx;
use kernel::{RefundId, UserId};
use tracing::info;

use super::absorb_refund::{finish, lock};
use super::dismiss::write_off;
use super::disputed::{go_again, is_with_a_bank};
use super::give_back::begin;
use super::settle_refund::{is_asked_or_given_by_a_bank, pay_by_hand};
use crate::domain::bank_reference::BankReference;
use crate::domain::hands::Question;
use crate::domain::ledger::Journal;
use crate::domain::{Payment, Refund, RefundStatus, Refused};
use crate::error::Error;
use crate::store::{ledger, refunds};

/// `who` agrees to what another member of staff said of a refund, and to nothing else where they say under which
/// `reference` it was reported. Said again, it is as before.
pub async fn approve_refund(
    tx: &mut Tx,
    id: RefundId,
    who: UserId,
    reference: Option<&BankReference>,
) -> Result<(Payment, Refund), Error> {
    let (payment, mut refund) = lock(tx, id).await?;
    let reported = refund.hands.reported_reference.as_deref();
    if reference.is_some_and(|seen| reported != Some(seen.as_str())) {
        return Err(Refused::AnotherReport.into());
    }
    let Some(question) = refund.question() else {
        let theirs = [refund.hands.approved_by, refund.hands.confirmed_by].contains(&Some(who));
        let agreed = theirs && refund.status != RefundStatus::Declined;
        return if agreed { Ok((payment, refund)) } else { Err(Refused::NothingToApprove.into()) };
    };
    refund.answered_by(question, who)?;
    match question {
        Question::Proposal => give(tx, &payment, &mut refund, who).await?,
        Question::Dismissal => write_off(tx, &payment, &mut refund, who).await?,
        Question::Report => {
            // What the bank gave is not booked as paid by hand, too: if it was not, the report is declined.
            if is_asked_or_given_by_a_bank(tx, &refund).await? {
                return Err(Refused::NotByHand.into());
            }
            refund.hands.confirmed_by = Some(who);
            let reference = refund.hands.reported_reference.clone();
            pay_by_hand(tx, &payment, &refund).await?;
            finish(tx, &payment, &mut refund, reference).await?;
        }
    }
    info!(refund.id = %id, staff.id = %who, "refund {id} is approved");
    Ok((payment, refund))
}

async fn give(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    who: UserId,
) -> Result<(), Error> {
    let now = tx.now();
    // Something else may have gone back since it was proposed.
    let room = refunds::find_room(tx.conn(), payment.id).await?;
    if room.is_none_or(|(_, room)| room.is_negative()) {
        return Err(Refused::GoodwillTooMuch.into());
    }
    refund.hands.approved_by = Some(who);
    refund.begin();
    refunds::update(tx.conn(), refund, now).await?;
    let journal = Journal::goodwill(refund.id, refund.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    begin(tx, payment, refund).await
}

/// `who` does not agree, or takes back what they said. A proposal comes to nothing, and a report is forgotten.
pub async fn decline_refund(
    tx: &mut Tx,
    id: RefundId,
    who: UserId,
) -> Result<(Payment, Refund), Error> {
    let (payment, mut refund) = lock(tx, id).await?;
    match refund.question() {
        Some(Question::Proposal) => {
            refund.status = RefundStatus::Declined;
            refund.hands.approved_by = Some(who);
        }
        Some(Question::Dismissal) => {
            refund.hands.proposed_by = None;
            refund.hands.words = None;
            refunds::propose(tx.conn(), &refund).await?;
        }
        Some(Question::Report) => refund.take_back_report(),
        None if refund.status == RefundStatus::Declined => return Ok((payment, refund)),
        None => return Err(Refused::NothingToApprove.into()),
    }
    let now = tx.now();
    refunds::update(tx.conn(), &mut refund, now).await?;
    // A bank may have decided while the report stood.
    if refund.is_by_a_person() && is_with_a_bank(tx.conn(), &refund).await? {
        go_again(tx, &mut refund).await?;
    }
    info!(refund.id = %id, staff.id = %who, "what was said of refund {id} is declined");
    Ok((payment, refund))
}

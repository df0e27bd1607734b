//! A refund moves on by what was seen of it at the provider.

use chassis::Tx;
use contracts::payment::RefundFailed;
use kernel::RefundId;
use tracing::{error, info, warn};

use super::events_out::{about_refund, done};
use super::follow_foreign::{follow, is_foreign};
use super::give_back::needs_a_person;
use super::refund_jobs::{LookAtRefund, SendRefund};
use super::settle_hold::settle_hold;
use crate::domain::ledger::Journal;
use crate::domain::refund::{RefundSeen, RefundSighting, Turn, judge, read_key};
use crate::domain::{Payment, Refund, RefundStatus};
use crate::error::Error;
use crate::provider::ProviderError;
use crate::store::{ledger, payments, refunds};

/// Why an attempt came to nothing: the provider gives no reason of its own.
const FAILED: &str = "provider-failed";

/// A refund and its payment, which is locked: what happens to both takes turns.
pub async fn lock(tx: &mut Tx, id: RefundId) -> Result<(Payment, Refund), Error> {
    let found = refunds::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let payment = payments::lock(tx.conn(), found.payment_id).await?.ok_or(Error::NotFound)?;
    // Read once more: it may have moved while the lock was waited for.
    let refund = refunds::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    Ok((payment, refund))
}

/// Takes in what was seen of a refund whose payment is locked.
pub async fn absorb_refund(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    sighting: &RefundSighting,
) -> Result<(), Error> {
    if sighting.amount != refund.amount
        || refund.provider_payment_id.as_ref() != Some(&sighting.provider_payment_id)
    {
        return Err(ProviderError::Unreadable("a refund is another one than was asked for").into());
    }
    if is_foreign(refund) {
        return follow(tx, refund, sighting).await;
    }
    if !is_of_present_attempt(refund, sighting) {
        return Ok(());
    }
    let attempt = refund.attempt;
    match judge(refund.status, sighting.seen) {
        Turn::Nothing => return Ok(()),
        Turn::Accepted => accept(tx, refund, sighting).await?,
        Turn::Done { out } => {
            if out {
                book_out(tx, refund, sighting).await?;
            }
            finish(tx, payment, refund, sighting.bank_reference.clone()).await?;
        }
        Turn::Failed { back } => {
            if back {
                let journal = Journal::refund_back(refund.id, attempt, refund.amount)?;
                let now = tx.now();
                ledger::post(tx.conn(), refund.payment_id, &journal, now).await?;
            }
            fail(tx, payment, refund).await?;
        }
        Turn::Odd => odd(refund, sighting),
    }
    settle_hold(tx, payment).await
}

/// Whether it is the present attempt that was seen. What is told late of one that failed changes nothing.
fn is_of_present_attempt(refund: &Refund, sighting: &RefundSighting) -> bool {
    let named = sighting.key.as_deref().and_then(read_key).filter(|(id, _)| *id == refund.id);
    if named.is_some_and(|(_, attempt)| attempt != refund.attempt) {
        if sighting.seen == RefundSeen::Processed {
            odd(refund, sighting);
        }
        return false;
    }
    let known = refund.provider_refund_id.as_ref();
    // Done without a name at the provider: a person gave it back.
    let by_hand = refund.status == RefundStatus::Done && known.is_none();
    if by_hand || known.is_some_and(|known| *known != sighting.provider_refund_id) {
        odd(refund, sighting);
        return false;
    }
    true
}

fn odd(refund: &Refund, sighting: &RefundSighting) {
    let (id, provider, seen) = (refund.id, &sighting.provider_refund_id, sighting.seen);
    error!(
        refund.id = %id, provider.refund = provider, ?seen, status = refund.status.into_str(),
        "refund {id} may have been paid out once more by {provider}: a person has to look"
    );
}

async fn book_out(tx: &mut Tx, refund: &mut Refund, seen: &RefundSighting) -> Result<(), Error> {
    let now = tx.now();
    let journal = Journal::refund_out(refund.id, refund.attempt, refund.amount)?;
    ledger::post(tx.conn(), refund.payment_id, &journal, now).await?;
    refund.accept(&seen.provider_refund_id, now);
    Ok(())
}

async fn accept(tx: &mut Tx, refund: &mut Refund, seen: &RefundSighting) -> Result<(), Error> {
    let now = tx.now();
    book_out(tx, refund, seen).await?;
    refunds::update(tx.conn(), refund, now).await?;
    if let Some(at) = refund.next_look_at {
        let (refund_id, attempt) = (refund.id, refund.attempt);
        tx.schedule(&LookAtRefund { refund_id, attempt, nth: 0, tries: 0 }, at).await?;
    }
    let id = refund.id;
    info!(refund.id = %id, provider.refund = seen.provider_refund_id, "the provider accepted refund {id}");
    Ok(())
}

/// The money is with the buyer's bank.
pub async fn finish(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    bank_reference: Option<String>,
) -> Result<(), Error> {
    let now = tx.now();
    refund.finish(bank_reference, now);
    refunds::update(tx.conn(), refund, now).await?;
    info!(refund.id = %refund.id, payment.id = %payment.id, "refund {} is done", refund.id);
    tx.emit(&done(payment, refund, now));
    Ok(())
}

async fn fail(tx: &mut Tx, payment: &Payment, refund: &mut Refund) -> Result<(), Error> {
    let now = tx.now();
    let pause = refund.fail(FAILED);
    refunds::update(tx.conn(), refund, now).await?;
    let Some(pause) = pause else {
        needs_a_person(tx, payment, refund);
        return Ok(());
    };
    let id = refund.id;
    warn!(refund.id = %id, attempt = refund.attempt, "refund {id} failed and is tried again");
    tx.emit(&RefundFailed {
        refund: about_refund(payment, refund, now),
        reason: FAILED.to_owned(),
        needs_a_person: false,
        needs_account: false,
    });
    let due = now.checked_add(pause).unwrap_or(now);
    Ok(tx.schedule(&SendRefund::of(refund), due).await?)
}

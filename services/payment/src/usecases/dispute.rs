//! A buyer's bank asks money back: it is held, and goes or stays as the bank decides. What is lost somebody bears.

use chassis::Tx;
use contracts::payment::DisputeChanged;
use kernel::{DisputeId, UserId};
use tracing::{error, info, warn};

use super::events_out::about;
use crate::domain::dispute::{Bearer, Dispute, DisputeSighting, State};
use crate::domain::ledger::Journal;
use crate::domain::{Payment, PaymentProgress};
use crate::error::Error;
use crate::store::{attempts, disputes, ledger, payments};

/// Takes in what the provider tells of a dispute. False when the capture is not known here.
pub async fn take_in_dispute(tx: &mut Tx, seen: &DisputeSighting) -> Result<bool, Error> {
    let capture = attempts::find_capture(tx.conn(), &seen.provider_payment_id).await?;
    let Some((payment_id, _)) = capture else {
        warn!(provider.payment = seen.provider_payment_id, "what is disputed is not known here");
        return Ok(false);
    };
    let payment = payments::lock(tx.conn(), payment_id).await?.ok_or(Error::NotFound)?;
    // What the provider tells has no trace of ours: it goes on with the one that asked for the payment.
    let trace = payments::find_trace(tx.conn(), payment_id).await?;
    tx.continue_trace(trace.unwrap_or_default());
    let known = disputes::find_by_provider(tx.conn(), &seen.provider_dispute_id).await?;
    let mut dispute = match known {
        Some(dispute) => dispute,
        None => open(tx, &payment, seen).await?,
    };
    match (dispute.state, seen.seen) {
        (State::Open, State::Won | State::Lost) => decide(tx, &payment, &mut dispute, seen).await?,
        (State::Won, State::Lost) | (State::Lost, State::Won) => {
            let id = dispute.id;
            error!(dispute.id = %id, "dispute {id} is decided, and decided otherwise: a person has to look");
        }
        (State::Open | State::Won | State::Lost, State::Open)
        | (State::Won, State::Won)
        | (State::Lost, State::Lost) => {}
    }
    Ok(true)
}

async fn open(tx: &mut Tx, payment: &Payment, seen: &DisputeSighting) -> Result<Dispute, Error> {
    let now = tx.now();
    let dispute = Dispute::of(payment.id, seen, now);
    disputes::insert(tx.conn(), &dispute).await?;
    let journal = Journal::dispute(dispute.id, dispute.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    let id = dispute.id;
    error!(dispute.id = %id, payment.id = %payment.id, "the bank asks {} back: dispute {id}", dispute.amount);
    tell(tx, payment, &dispute);
    Ok(dispute)
}

async fn decide(
    tx: &mut Tx,
    payment: &Payment,
    dispute: &mut Dispute,
    seen: &DisputeSighting,
) -> Result<(), Error> {
    let now = tx.now();
    dispute.state = seen.seen;
    dispute.decided_at = Some(now);
    disputes::update(tx.conn(), dispute).await?;
    if dispute.state == State::Won {
        let journal = Journal::dispute_won(dispute.id, dispute.amount)?;
        ledger::post(tx.conn(), payment.id, &journal, now).await?;
    }
    let id = dispute.id;
    info!(dispute.id = %id, "dispute {id} is {}", dispute.state.into_str());
    tell(tx, payment, dispute);
    Ok(())
}

fn tell(tx: &mut Tx, payment: &Payment, dispute: &Dispute) {
    let now = tx.now();
    tx.emit(&DisputeChanged {
        payment: about(payment, now),
        dispute_id: dispute.id,
        provider_dispute_id: dispute.provider_dispute_id.clone(),
        disputed: dispute.amount,
        state: dispute.state.into(),
        bearer: dispute.bearer.map(Into::into),
    });
}

/// `who` says who bears what was lost, once. Said again, it is as before.
pub async fn bear(
    tx: &mut Tx,
    id: DisputeId,
    bearer: Bearer,
    who: UserId,
) -> Result<(Payment, Dispute), Error> {
    let found = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let payment = payments::lock(tx.conn(), found.payment_id).await?.ok_or(Error::NotFound)?;
    // Read once more: it may have moved while the lock was waited for.
    let mut dispute = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if dispute.bearer == Some(bearer) {
        return Ok((payment, dispute));
    }
    let capture = attempts::find_capture(tx.conn(), &dispute.provider_payment_id).await?;
    let paid = payment.status == PaymentProgress::Captured && capture.is_some_and(|(_, pays)| pays);
    let left = if paid { disputes::find_left(tx.conn(), payment.id).await? } else { None };
    let ours = dispute.bear(bearer, who, left)?;
    disputes::update(tx.conn(), &dispute).await?;
    let journal = Journal::dispute_lost(id, ours)?;
    if !journal.postings.is_empty() {
        let now = tx.now();
        ledger::post(tx.conn(), payment.id, &journal, now).await?;
    }
    info!(dispute.id = %id, staff.id = %who, "the {} bear dispute {id}", bearer.into_str());
    tell(tx, &payment, &dispute);
    Ok((payment, dispute))
}

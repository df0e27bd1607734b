//! A buyer's bank asks money back: it is held, and goes or stays as the bank decides. What is lost somebody bears.

use chassis::Tx;
use contracts::payment::DisputeChanged;
use kernel::{DisputeId, UserId};
use tracing::{error, info, warn};

use super::bearing_alone::{Say, say_or_propose};
use super::disputed::go_on;
use super::events_out::about;
use crate::App;
use crate::domain::dispute::{Bearer, Dispute, DisputeSighting, State};
use crate::domain::ledger::Journal;
use crate::domain::{Payment, PaymentProgress, Refused};
use crate::error::Error;
use crate::provider::webhooks::Told;
use crate::store::webhooks::Outcome;
use crate::store::{attempts, disputes, ledger, payments, refunds, shares, webhooks};

/// Takes in what the provider told of disputes of this order of its own before their capture was heard of.
pub async fn take_in_waiting(app: &App, tx: &mut Tx, order_id: &str) -> Result<(), Error> {
    let now = tx.now();
    for (event_id, body) in webhooks::list_unmatched(tx.conn(), order_id).await? {
        let Told::Dispute { sighting, .. } = app.provider.read(&body)? else { continue };
        if take_in_dispute(tx, &sighting).await? {
            webhooks::settle(tx.conn(), &event_id, Outcome::Taken, now).await?;
        }
    }
    Ok(())
}

/// Takes in what the provider tells of a dispute. False when the capture is not known here, or it cannot be.
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
        None if !can_be(tx, seen).await? => return Ok(false),
        None => open(tx, &payment, seen).await?,
    };
    if dispute.amount != seen.amount {
        let id = dispute.id;
        error!(dispute.id = %id, "dispute {id} is over {} all at once: a person has to look", seen.amount);
        return Ok(false);
    }
    match (dispute.state, seen.seen) {
        (State::Open, State::Won | State::Lost) => decide(tx, &payment, &mut dispute, seen).await?,
        (State::Lost, State::Won) if dispute.is_nobodys() => {
            decide(tx, &payment, &mut dispute, seen).await?;
        }
        (State::Won, State::Lost) | (State::Lost, State::Won) => {
            let id = dispute.id;
            error!(dispute.id = %id, "dispute {id} is decided, and decided otherwise: a person has to look");
            return Ok(false);
        }
        (State::Open | State::Won | State::Lost, State::Open)
        | (State::Won, State::Won)
        | (State::Lost, State::Lost) => {}
    }
    Ok(true)
}

/// No more is asked back of a capture than came, in another currency nothing.
async fn can_be(tx: &mut Tx, seen: &DisputeSighting) -> Result<bool, Error> {
    let capture = &seen.provider_payment_id;
    let came = attempts::find_amount(tx.conn(), capture).await?.ok_or(Error::NotFound)?;
    let mut asked = seen.amount.minor();
    for other in disputes::list_of_capture(tx.conn(), capture).await? {
        if other.state != State::Won {
            asked = asked.saturating_add(other.amount.minor());
        }
    }
    let can_be = seen.amount.currency() == came.currency() && asked <= came.minor();
    if !can_be {
        let name = &seen.provider_dispute_id;
        error!(
            provider.dispute = name,
            "dispute {name} asks for more than came: a person has to look"
        );
    }
    Ok(can_be)
}

async fn open(tx: &mut Tx, payment: &Payment, seen: &DisputeSighting) -> Result<Dispute, Error> {
    let now = tx.now();
    let dispute = Dispute::of(payment.id, seen, now);
    disputes::insert(tx.conn(), &dispute).await?;
    let journal = Journal::dispute(dispute.id, dispute.amount)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    let id = dispute.id;
    error!(dispute.id = %id, payment.id = %payment.id, "the bank asks {} back: dispute {id}", dispute.amount);
    tell(tx, payment, &dispute).await?;
    Ok(dispute)
}

async fn decide(
    tx: &mut Tx,
    payment: &Payment,
    dispute: &mut Dispute,
    seen: &DisputeSighting,
) -> Result<(), Error> {
    let now = tx.now();
    dispute.decide(seen, now);
    disputes::update(tx.conn(), dispute).await?;
    if dispute.state == State::Won {
        let journal = Journal::dispute_won(dispute.id, dispute.amount)?;
        ledger::post(tx.conn(), payment.id, &journal, now).await?;
    }
    let id = dispute.id;
    info!(dispute.id = %id, "dispute {id} is {}", dispute.state.into_str());
    tell(tx, payment, dispute).await?;
    go_on(tx, dispute).await
}

async fn tell(tx: &mut Tx, payment: &Payment, dispute: &Dispute) -> Result<(), Error> {
    let now = tx.now();
    let pays = pays_the_order(tx, payment, dispute).await?;
    let vendors =
        if pays { shares::list_vendors(tx.conn(), payment.id).await? } else { Vec::new() };
    tx.emit(&DisputeChanged {
        payment: about(payment, now),
        dispute_id: dispute.id,
        provider_dispute_id: dispute.provider_dispute_id.clone(),
        disputed: dispute.amount,
        state: dispute.state.into(),
        bearer: dispute.bearer.map(Into::into),
        respond_by: dispute.respond_by,
        reason_code: dispute.reason_code.clone(),
        order_number: Some(payment.order_number.clone()),
        buyer: Some(payment.buyer),
        vendors,
    });
    Ok(())
}

/// Whether the order was paid by what is disputed.
async fn pays_the_order(tx: &mut Tx, payment: &Payment, dispute: &Dispute) -> Result<bool, Error> {
    let capture = attempts::find_capture(tx.conn(), &dispute.provider_payment_id).await?;
    let pays = capture.is_some_and(|(_, pays)| pays);
    Ok(pays && payment.status == PaymentProgress::Captured)
}

/// `who` says who bears what was lost, once. Said again, it is as before, and so is what waits for somebody else.
pub(super) async fn bear(
    tx: &mut Tx,
    id: DisputeId,
    bearer: Bearer,
    who: UserId,
    say: Say,
) -> Result<(Payment, Dispute), Error> {
    let found = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let payment = payments::lock(tx.conn(), found.payment_id).await?.ok_or(Error::NotFound)?;
    // Read once more: it may have moved while the lock was waited for.
    let mut dispute = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if dispute.bearer == Some(bearer) {
        return Ok((payment, dispute));
    }
    if refunds::any_requested(tx.conn(), &dispute.provider_payment_id).await? {
        return Err(Refused::NotBearable("a refund of the same money is on its way").into());
    }
    let paid = pays_the_order(tx, &payment, &dispute).await?;
    let left = if paid { disputes::find_left(tx.conn(), payment.id).await? } else { None };
    let ours = dispute.bear(bearer, who, left)?;
    if !say_or_propose(tx, id, bearer, who, ours, say).await? {
        let waits = disputes::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        return Ok((payment, waits));
    }
    dispute.borne_at = Some(tx.now());
    disputes::update(tx.conn(), &dispute).await?;
    let journal = Journal::dispute_lost(id, ours)?;
    if !journal.postings.is_empty() {
        let now = tx.now();
        ledger::post(tx.conn(), payment.id, &journal, now).await?;
    }
    info!(dispute.id = %id, staff.id = %who, "the {} bear dispute {id}", bearer.into_str());
    tell(tx, &payment, &dispute).await?;
    Ok((payment, dispute))
}

//! A person looks at wrong money: it pays the order all the same, or it goes back.

use chassis::Tx;
use contracts::payment::{PaymentCaptured, PaymentFailed, PaymentUnclaimed};
use kernel::{PaymentId, UserId};
use tracing::info;

use super::events_out::about;
use super::give_back::{give_back_one, give_back_unclaimed, request};
use super::set_off::set_offs;
use crate::domain::ledger::Journal;
use crate::domain::refund::{Kind, Owed};
use crate::domain::review::{Outcome, Review};
use crate::domain::{Payment, PaymentProgress, Refused};
use crate::error::Error;
use crate::store::{attempts, ledger, payments, reviews, shares};

/// Why the buyer has to pay once more.
const WRONG_AMOUNT: &str = "wrong_amount";

/// `who` decides what becomes of wrong money, once. Decided again the same way, it is as before.
pub async fn review(
    tx: &mut Tx,
    id: PaymentId,
    provider_payment_id: &str,
    outcome: Outcome,
    who: UserId,
) -> Result<Review, Error> {
    let now = tx.now();
    // What happens to the payment takes turns: its order may end at this moment.
    let mut payment = payments::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let review = reviews::find(tx.conn(), id, provider_payment_id).await?.ok_or(Error::NotFound)?;
    match review.outcome {
        Some(decided) if decided == outcome => return Ok(review),
        Some(_) => return Err(Refused::ReviewDecided.into()),
        None => {}
    }
    reviews::decide(tx.conn(), provider_payment_id, outcome, Some(who), now).await?;
    // What follows belongs to the story of the checkout, whoever looked.
    let trace = payments::find_trace(tx.conn(), id).await?;
    tx.continue_trace(trace.unwrap_or_default());
    match outcome {
        Outcome::Accepted => accept(tx, &mut payment, &review).await?,
        Outcome::GivenBack => give_back(tx, &mut payment, &review).await?,
    }
    info!(
        payment.id = %id, provider.payment = provider_payment_id, staff.id = %who,
        "of payment {id}, {} {}", review.received, outcome.into_str()
    );
    reviews::find(tx.conn(), id, provider_payment_id).await?.ok_or(Error::NotFound)
}

async fn accept(tx: &mut Tx, payment: &mut Payment, review: &Review) -> Result<(), Error> {
    let now = tx.now();
    let name = &review.provider_payment_id;
    let unclaimed = attempts::list_unclaimed(tx.conn(), payment.id).await?;
    let left = unclaimed.into_iter().find(|(unclaimed, _)| unclaimed == name);
    let (_, left) = left.ok_or(Refused::NotAcceptable("it is not here any more"))?;
    let excess = review.excess(payment.status, left)?;

    payment.status = PaymentProgress::Captured;
    payment.ask_on(now);
    payments::update(tx.conn(), payment, now).await?;
    attempts::take_for_order(tx.conn(), name, now).await?;
    let shares = shares::list(tx.conn(), payment.id).await?;
    let behind = set_offs(tx, &shares).await?;
    let journal = Journal::accept(name, review.received, excess, &shares)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    for set_off in behind {
        ledger::post(tx.conn(), payment.id, &set_off, now).await?;
    }
    tx.emit(&PaymentCaptured { payment: about(payment, now), provider_payment_id: name.clone() });
    if !excess.is_zero() {
        tx.emit(&PaymentUnclaimed {
            payment: about(payment, now),
            order_number: payment.order_number.clone(),
            buyer: payment.buyer,
            provider_payment_id: name.clone(),
            received: review.received,
            why: Kind::Excess.into(),
        });
        let owed = Owed {
            kind: Kind::Excess,
            credit_id: None,
            seller_order_id: None,
            provider_payment_id: Some(name.clone()),
            amount: excess,
        };
        request(tx, payment, owed).await?;
    }
    // Whatever else came is not for the order now.
    give_back_unclaimed(tx, payment, None).await
}

async fn give_back(tx: &mut Tx, payment: &mut Payment, review: &Review) -> Result<(), Error> {
    let now = tx.now();
    let name = &review.provider_payment_id;
    let unclaimed = attempts::list_unclaimed(tx.conn(), payment.id).await?;
    if let Some((_, left)) = unclaimed.into_iter().find(|(unclaimed, _)| unclaimed == name) {
        give_back_one(tx, payment, name, left, Kind::Mismatch).await?;
    }
    let is_last = !reviews::any_open(tx.conn(), payment.id).await?;
    if payment.status == PaymentProgress::PaymentReview && is_last {
        // The buyer may pay what was asked for, while the order waits.
        payment.status = PaymentProgress::Failed;
        payments::update(tx.conn(), payment, now).await?;
        tx.emit(&PaymentFailed { payment: about(payment, now), reason: WRONG_AMOUNT.to_owned() });
    }
    Ok(())
}

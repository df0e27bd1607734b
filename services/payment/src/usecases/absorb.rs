//! A payment moves on by what was seen at the provider.

use chassis::Tx;
use contracts::payment::{PaymentCaptured, PaymentFailed, PaymentMismatch};
use jiff::Timestamp;
use tracing::{error, info, warn};

use super::dispute::take_in_waiting;
use super::events_out::about;
use super::foreign::take_in_any;
use super::give_back::give_back_unclaimed;
use super::set_off::set_offs;
use crate::App;
use crate::domain::ledger::Journal;
use crate::domain::progress::{Booking, Known, News, Seen, Sighting, judge};
use crate::domain::{AttemptStatus, Payment};
use crate::error::Error;
use crate::provider::ProviderError;
use crate::store::{attempts, ledger, payments, reviews, shares};

/// Takes in what was seen of a payment that is locked.
pub async fn absorb(
    app: &App,
    tx: &mut Tx,
    payment: &mut Payment,
    sighting: &Sighting,
) -> Result<(), Error> {
    let now = tx.now();
    let known = attempts::list(tx.conn(), payment.id).await?;
    let known: Vec<Known> = known.into_iter().map(Into::into).collect();
    let other_money = known.iter().any(|k| k.status == AttemptStatus::Captured);
    let verdict = judge(payment.amount, payment.status, &known, sighting);
    let Some(status) = verdict.attempt else { return take_back(tx, payment, sighting).await };

    let booked = verdict.news.booking();
    // Before any money is booked: an attempt that belongs to another payment is refused here.
    if !attempts::put(tx.conn(), payment.id, sighting, status, booked, now).await? {
        return Err(ProviderError::Unreadable("one attempt pays two orders").into());
    }
    if verdict.status != payment.status || booked.is_some() {
        payment.status = verdict.status;
        if verdict.news == News::Paid {
            payment.ask_on(now);
        }
        payments::update(tx.conn(), payment, now).await?;
    }
    if verdict.news == News::Nothing {
        return Ok(());
    }
    book(tx, payment, sighting, verdict.news).await?;
    // What the provider tells has no trace of ours: it goes on with the one that asked for the payment.
    let trace = payments::find_trace(tx.conn(), payment.id).await?;
    tx.continue_trace(trace.unwrap_or_default());
    emit(tx, payment, sighting, verdict.news, now);
    take_back(tx, payment, sighting).await?;
    if let (Some(_), Some(order_id)) = (booked, &payment.provider_order_id) {
        take_in_waiting(app, tx, order_id).await?;
    }
    if verdict.news == News::Mismatch {
        reviews::open(tx.conn(), payment.id, &sighting.provider_payment_id, now).await?;
    }
    if booked == Some(Booking::Suspense) || other_money {
        // With it goes the wrong money that came before, if it is over now.
        let came = booked.map(|_| &*sighting.provider_payment_id);
        give_back_unclaimed(tx, payment, came).await?;
    }
    Ok(())
}

/// What somebody gave back of it on the provider's own pages left with it.
async fn take_back(tx: &mut Tx, payment: &Payment, sighting: &Sighting) -> Result<(), Error> {
    for back in &sighting.went_back {
        take_in_any(tx, payment, back).await?;
    }
    Ok(())
}

async fn book(
    tx: &mut Tx,
    payment: &Payment,
    sighting: &Sighting,
    news: News,
) -> Result<(), Error> {
    let mut behind = Vec::new();
    let journal = match news {
        News::Nothing | News::Failed => return Ok(()),
        News::Paid => {
            let shares = shares::list(tx.conn(), payment.id).await?;
            behind = set_offs(tx, &shares).await?;
            Journal::capture(payment.id, &shares)?
        }
        News::Mismatch | News::Surplus | News::Late | News::Returned => {
            Journal::suspense(&sighting.provider_payment_id, sighting.amount)?
        }
    };
    let now = tx.now();
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    for set_off in behind {
        ledger::post(tx.conn(), payment.id, &set_off, now).await?;
    }
    Ok(())
}

fn emit(tx: &mut Tx, payment: &Payment, sighting: &Sighting, news: News, now: Timestamp) {
    let (id, order, attempt) = (payment.id, payment.order_id, &sighting.provider_payment_id);
    let about = about(payment, now);
    let provider_payment_id = attempt.clone();
    match news {
        News::Nothing => {}
        News::Failed => {
            let reason = match &sighting.seen {
                Seen::Failed(reason) => reason.clone(),
                Seen::Waiting | Seen::Captured => String::new(),
            };
            info!(payment.id = %id, order.id = %order, reason, "payment {id} failed for now");
            tx.emit(&PaymentFailed { payment: about, reason });
        }
        News::Paid => {
            info!(payment.id = %id, order.id = %order, provider.payment = attempt, "payment {id} is captured");
            tx.emit(&PaymentCaptured { payment: about, provider_payment_id });
        }
        News::Mismatch => {
            error!(payment.id = %id, order.id = %order, provider.payment = attempt, "payment {id} got the wrong money");
            tx.emit(&PaymentMismatch {
                payment: about,
                received: sighting.amount,
                provider_payment_id,
            });
        }
        News::Surplus => {
            error!(payment.id = %id, provider.payment = attempt, "payment {id} was paid once more: the money goes back");
        }
        News::Returned => {
            warn!(payment.id = %id, provider.payment = attempt, "payment {id} was paid, and somebody gave it back");
        }
        News::Late => {
            error!(payment.id = %id, provider.payment = attempt, "payment {id} was paid after it was given up: the money goes back");
        }
    }
}

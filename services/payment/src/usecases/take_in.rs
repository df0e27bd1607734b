//! Acts upon a webhook that is kept.

use chassis::{Job, JobHandler, Tx};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::absorb::absorb;
use super::absorb_payout::absorb_payout;
use super::absorb_refund::{absorb_refund, lock};
use super::dispute::take_in_dispute;
use super::foreign::take_in_any;
use super::stop_payout;
use crate::App;
use crate::domain::Payment;
use crate::domain::payout::{self, PayoutSighting};
use crate::domain::progress::Sighting;
use crate::domain::refund::{RefundSighting, read_key};
use crate::error::Error;
use crate::provider::webhooks::Told;
use crate::store::webhooks::Outcome;
use crate::store::{attempts, payments, payouts, refunds, webhooks};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeIn {
    /// What it is kept under: the id from the provider, or the hash of the bytes.
    pub event_id: String,
}

impl Job for TakeIn {
    const KIND: &'static str = "take_in";
    const AT_ONCE: usize = 16;
}

impl JobHandler<TakeIn> for App {
    type Output = ();

    /// The signed event says everything: nothing has to be asked.
    async fn run(&self, _: &TakeIn) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: TakeIn, (): (), tx: &mut Tx) -> Result<(), Error> {
        match webhooks::find_open(tx.conn(), &job.event_id).await? {
            Some(body) => act_upon(self, tx, &job.event_id, &self.provider.read(&body)?).await,
            None => Ok(()),
        }
    }
}

/// Acts upon a webhook that was kept under `event_id`, and writes down what became of it.
pub async fn act_upon(app: &App, tx: &mut Tx, event_id: &str, told: &Told) -> Result<(), Error> {
    let now = tx.now();
    let outcome = match told {
        Told::Note(_) => Outcome::Noted,
        Told::Attempt { order_id, sighting, .. } => {
            // First the provider's order, then the payment's row, as in `Open`: it may become known at this moment.
            webhooks::take_turn(tx.conn(), order_id).await?;
            take_in(app, tx, order_id, sighting).await?
        }
        Told::Refund { sighting, captured, .. } => take_in_refund(tx, sighting, *captured).await?,
        Told::Dispute { sighting, .. } if take_in_dispute(tx, sighting).await? => Outcome::Taken,
        // The bank asks for what never came here, or says otherwise than before: unless more is heard, a person has to look.
        Told::Dispute { .. } => Outcome::Unmatched,
        Told::Payout { sighting, .. } => take_in_payout(tx, sighting).await?,
    };
    Ok(webhooks::settle(tx.conn(), event_id, outcome, now).await?)
}

async fn take_in(
    app: &App,
    tx: &mut Tx,
    order_id: &str,
    sighting: &Sighting,
) -> Result<Outcome, Error> {
    let Some(mut payment) = payments::lock_by_provider(tx.conn(), order_id).await? else {
        warn!(provider.order = order_id, "the provider's order {order_id} is not known here");
        return Ok(Outcome::Unmatched);
    };
    absorb(app, tx, &mut payment, sighting).await?;
    Ok(Outcome::Taken)
}

async fn take_in_refund(
    tx: &mut Tx,
    sighting: &RefundSighting,
    captured: bool,
) -> Result<Outcome, Error> {
    let provider = &sighting.provider_refund_id;
    let ours = match sighting.key.as_deref().and_then(read_key) {
        Some((id, _)) => refunds::find(tx.conn(), id).await?.map(|refund| refund.id),
        None => refunds::find_by_provider(tx.conn(), provider).await?,
    };
    if let Some(id) = ours {
        let (payment, mut refund) = lock(tx, id).await?;
        // What the provider tells has no trace of ours: it goes on with the one that asked for the payment.
        let trace = payments::find_trace(tx.conn(), payment.id).await?;
        tx.continue_trace(trace.unwrap_or_default());
        absorb_refund(tx, &payment, &mut refund, sighting).await?;
        return Ok(Outcome::Taken);
    }
    // Money that never came here is not ours to book when the provider gives it back by itself.
    let came = attempts::find_capture(tx.conn(), &sighting.provider_payment_id).await?;
    let Some((payment_id, _)) = came.filter(|_| captured) else { return Ok(Outcome::Noted) };
    let payment = payments::lock(tx.conn(), payment_id).await?.ok_or(Error::NotFound)?;
    let trace = payments::find_trace(tx.conn(), payment.id).await?;
    tx.continue_trace(trace.unwrap_or_default());
    take_in_any(tx, &payment, sighting).await?;
    Ok(Outcome::Taken)
}

async fn take_in_payout(tx: &mut Tx, sighting: &PayoutSighting) -> Result<Outcome, Error> {
    let provider = &sighting.provider_payout_id;
    let ours = match sighting.key.as_deref().and_then(payout::read_key) {
        Some(id) => Some(id),
        None => payouts::find_by_provider(tx.conn(), provider).await?,
    };
    let known = match ours {
        Some(id) => payouts::find(tx.conn(), id).await?,
        None => None,
    };
    let Some(known) = known else {
        warn!(provider.payout = provider, "payout {provider} is foreign: we did not ask for it");
        return Ok(Outcome::Noted);
    };
    // What its seller is owed is locked first, as everybody does, so that no two wait for each other.
    let mut payout = stop_payout::lock(tx, known.id).await?;
    absorb_payout(tx, &mut payout, sighting).await?;
    Ok(Outcome::Taken)
}

/// Acts upon what the provider told of a payment before its name at the provider was known here.
pub async fn take_in_unmatched(
    app: &App,
    tx: &mut Tx,
    payment: &mut Payment,
    order_id: &str,
) -> Result<(), Error> {
    let now = tx.now();
    for (event_id, body) in webhooks::list_unmatched(tx.conn(), order_id).await? {
        // A dispute is taken in with the capture that it is of.
        if let Told::Attempt { sighting, .. } = app.provider.read(&body)? {
            absorb(app, tx, payment, &sighting).await?;
            webhooks::settle(tx.conn(), &event_id, Outcome::Taken, now).await?;
        }
    }
    Ok(())
}

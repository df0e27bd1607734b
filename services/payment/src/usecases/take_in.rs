//! Acts upon a webhook that is kept.

use chassis::{Job, JobHandler, Tx};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::absorb::absorb;
use crate::App;
use crate::domain::Payment;
use crate::domain::progress::Sighting;
use crate::error::Error;
use crate::provider::webhook::{self, Told};
use crate::store::webhooks::Outcome;
use crate::store::{payments, webhooks};

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
    type Error = Error;

    /// The signed event says everything: nothing has to be asked.
    async fn run(&self, _: &TakeIn) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: TakeIn, (): (), tx: &mut Tx) -> Result<(), Error> {
        match webhooks::find_open(tx.conn(), &job.event_id).await? {
            Some(body) => act_upon(tx, &job.event_id, &webhook::read(&body)?).await,
            None => Ok(()),
        }
    }
}

/// Acts upon a webhook that was kept under `event_id`, and writes down what became of it.
pub async fn act_upon(tx: &mut Tx, event_id: &str, told: &Told) -> Result<(), Error> {
    let now = tx.now();
    let outcome = match told {
        Told::Note(_) => Outcome::Noted,
        Told::Attempt { order_id, sighting, .. } => {
            // First the provider's order, then the payment's row, as in `Open`: it may become known at this moment.
            webhooks::take_turn(tx.conn(), order_id).await?;
            take_in(tx, order_id, sighting).await?
        }
    };
    Ok(webhooks::settle(tx.conn(), event_id, outcome, now).await?)
}

async fn take_in(tx: &mut Tx, order_id: &str, sighting: &Sighting) -> Result<Outcome, Error> {
    let Some(mut payment) = payments::lock_by_provider(tx.conn(), order_id).await? else {
        warn!(provider.order = order_id, "the provider's order {order_id} is not known here");
        return Ok(Outcome::Unmatched);
    };
    absorb(tx, &mut payment, sighting).await?;
    Ok(Outcome::Taken)
}

/// Acts upon what the provider told of a payment before its name at the provider was known here.
pub async fn take_in_unmatched(
    tx: &mut Tx,
    payment: &mut Payment,
    order_id: &str,
) -> Result<(), Error> {
    let now = tx.now();
    for (event_id, body) in webhooks::list_unmatched(tx.conn(), order_id).await? {
        if let Told::Attempt { sighting, .. } = webhook::read(&body)? {
            absorb(tx, payment, &sighting).await?;
        }
        webhooks::settle(tx.conn(), &event_id, Outcome::Taken, now).await?;
    }
    Ok(())
}

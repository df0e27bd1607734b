//! Before a payment is given up, the provider has the last word: a webhook may be lost or late.

use chassis::{Job, JobHandler, Problem, Tx};
use jiff::{SignedDuration, Timestamp};
use kernel::PaymentId;
use serde::{Deserialize, Serialize};
use tracing::{error, info};

use super::absorb::absorb;
use super::answer::answer;
use super::away::look;
use super::give_back::give_back_unclaimed;
use crate::App;
use crate::domain::progress::Sighting;
use crate::domain::{Payment, PaymentProgress};
use crate::error::Error;
use crate::store::{attempts, payments};

/// For so long a provider that does not answer is asked again.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// And so often.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// Asks the provider for the last time what became of a payment that shall end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LastLook {
    payment_id: PaymentId,
    order_id: String,
    /// Then it ends without an answer.
    until: Timestamp,
}

impl LastLook {
    /// The last look at a payment that begins to close `now`.
    pub fn begin(payment_id: PaymentId, order_id: String, now: Timestamp) -> Self {
        Self { payment_id, order_id, until: now + PATIENCE }
    }
}

impl Job for LastLook {
    const KIND: &'static str = "last_look";
    const AT_ONCE: usize = 16;
}

impl JobHandler<LastLook> for App {
    type Output = Option<Vec<Sighting>>;

    async fn run(&self, job: &LastLook) -> Result<Option<Vec<Sighting>>, Error> {
        // How long to wait for another answer is for the payment's clock to say.
        Ok(look(self, job.payment_id, &job.order_id).await)
    }

    async fn complete(
        &self,
        job: LastLook,
        made: Option<Vec<Sighting>>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let now = tx.now();
        let locked = payments::lock(tx.conn(), job.payment_id).await?;
        let mut payment = locked.ok_or(Error::NotFound)?;
        match made {
            Some(sightings) => {
                for sighting in &sightings {
                    absorb(self, tx, &mut payment, sighting).await?;
                }
            }
            // Where the money came meanwhile nothing is left to ask.
            None if payment.status.close(false).is_none() => return Ok(()),
            None if now < job.until => return Ok(tx.schedule(&job, now + PAUSE).await?),
            None => {
                let id = payment.id;
                error!(payment.id = %id, "payment {id} ends without a last look: the provider is away");
            }
        }
        close(self, tx, payment).await
    }

    async fn fail(&self, job: LastLook, _: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let locked = payments::lock(tx.conn(), job.payment_id).await?;
        close(self, tx, locked.ok_or(Error::NotFound)?).await
    }
}

/// Gives a payment up for which nothing came, or something else than was asked for. The right money was told of already.
pub async fn close(app: &App, tx: &mut Tx, payment: Payment) -> Result<(), Error> {
    let wrong_money = !attempts::list_unclaimed(tx.conn(), payment.id).await?.is_empty();
    match payment.status.close(wrong_money) {
        Some(end) => give_up(app, tx, payment, end).await,
        None => Ok(()),
    }
}

/// Ends a payment as `end` and says so.
pub async fn give_up(
    app: &App,
    tx: &mut Tx,
    mut payment: Payment,
    end: PaymentProgress,
) -> Result<(), Error> {
    let (id, now) = (payment.id, tx.now());
    payment.end(end, now);
    payments::update(tx.conn(), &mut payment, now).await?;
    info!(payment.id = %id, order.id = %payment.order_id, "payment {id} is cancelled");
    if end == PaymentProgress::CapturedLate {
        error!(payment.id = %id, "payment {id} was given up with money that goes back");
    }
    answer(app, tx, &payment).await?;
    give_back_unclaimed(tx, &payment, None).await
}

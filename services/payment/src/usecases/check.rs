//! Asks the provider what became of a payment of which nothing was heard.

use chassis::{BatchTimerHandler, Job, JobHandler, Timer, Tx};
use kernel::PaymentId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::absorb::absorb;
use super::away::{look, pause_after};
use crate::App;
use crate::domain::progress::Sighting;
use crate::error::Error;
use crate::store::{former_orders, payments};

/// Payments fall due to be asked about.
pub enum Due {}

impl Timer for Due {
    const NAME: &'static str = "payment.check";
    // It only has the provider asked, and decides nothing over what others say.
    const WAITS_FOR_NEWS: bool = false;
}

impl BatchTimerHandler<Due> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now();
        let due = payments::list_due(tx.conn(), now, except).await?;
        Ok(due.iter().map(PaymentId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        // What another replica has locked is left to it.
        let due = payments::lock_due(tx.conn(), now, ids).await?;
        for payment_id in &due {
            // Locked already: this reads the row.
            let locked = payments::lock(tx.conn(), *payment_id).await?;
            let mut payment = locked.ok_or(Error::NotFound)?;
            payment.check(now);
            payments::update(tx.conn(), &mut payment, now).await?;
            // Whoever has an old link may pay by it.
            let mut orders = former_orders::list(tx.conn(), *payment_id).await?;
            orders.extend(payment.provider_order_id);
            for order_id in orders {
                tx.schedule(&Check { payment_id: *payment_id, order_id, tries: 0 }, now).await?;
            }
        }
        Ok(due.len())
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    pub payment_id: PaymentId,
    pub order_id: String,
    /// So often the provider did not answer.
    #[serde(default)]
    pub tries: u32,
}

impl Job for Check {
    const KIND: &'static str = "check";
    // The next check comes by itself.
    const MAX_ATTEMPTS: i32 = 3;
}

impl JobHandler<Check> for App {
    type Output = Option<Vec<Sighting>>;

    async fn run(&self, job: &Check) -> Result<Option<Vec<Sighting>>, Error> {
        Ok(look(self, job.payment_id, &job.order_id).await)
    }

    async fn complete(
        &self,
        job: Check,
        made: Option<Vec<Sighting>>,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let Some(made) = made else {
            let now = tx.now();
            let Some(pause) = pause_after(job.tries) else { return Ok(()) };
            let tries = job.tries.saturating_add(1);
            return Ok(tx.schedule(&Check { tries, ..job }, now + pause).await?);
        };
        // Not locked while the provider was asked: the answer is judged by what the payment has become meanwhile.
        let locked = payments::lock(tx.conn(), job.payment_id).await?;
        let mut payment = locked.ok_or(Error::NotFound)?;
        for sighting in &made {
            absorb(self, tx, &mut payment, sighting).await?;
        }
        Ok(())
    }
}

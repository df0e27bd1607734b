//! Money that was booked before anything gave it back: what belongs to no order does not stay.

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::PaymentId;
use uuid::Uuid;

use super::give_back::give_back_unclaimed;
use crate::App;
use crate::error::Error;
use crate::store::{attempts, payments};

/// Payments that are over have money that does not go back.
pub enum Forgotten {}

impl Timer for Forgotten {
    const NAME: &'static str = "payment.forgotten";
    const EVERY: std::time::Duration = std::time::Duration::from_mins(1);
    // What is over stays over, whatever is heard.
    const WAITS_FOR_NEWS: bool = false;
}

impl BatchTimerHandler<Forgotten> for App {
    type Error = Error;

    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let forgotten = attempts::list_forgotten(tx.conn(), except).await?;
        Ok(forgotten.iter().map(PaymentId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let mut ids = ids.to_vec();
        // In one order everywhere, so that two workers cannot wait for each other.
        ids.sort_unstable();
        for id in &ids {
            let locked = payments::lock(tx.conn(), PaymentId::from_uuid(*id)).await?;
            let payment = locked.ok_or(Error::NotFound)?;
            give_back_unclaimed(tx, &payment, None).await?;
        }
        Ok(ids.len())
    }
}

//! What an older build left: money that belongs to no order does not stay, and cash that was taken is somebody's to bring.

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::PaymentId;
use uuid::Uuid;

use super::give_back::give_back_unclaimed;
use super::release::take_unreported;
use crate::App;
use crate::error::Error;
use crate::store::{attempts, payments, shares};

/// Payments that are over have money that does not go back, or cash that nobody has.
pub enum Forgotten {}

impl Timer for Forgotten {
    const NAME: &'static str = "payment.forgotten";
    const EVERY: std::time::Duration = std::time::Duration::from_mins(1);
    // What is over stays over, whatever is heard.
    const WAITS_FOR_NEWS: bool = false;
}

impl BatchTimerHandler<Forgotten> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let forgotten = attempts::list_forgotten(tx.conn(), except).await?;
        let mut all: Vec<Uuid> = forgotten.iter().map(PaymentId::as_uuid).collect();
        let unreported = shares::list_completed_unreported(tx.conn(), except).await?;
        all.extend(unreported.iter().map(PaymentId::as_uuid));
        all.dedup();
        Ok(all)
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let mut ids = ids.to_vec();
        // In one order everywhere, so that two workers cannot wait for each other.
        ids.sort_unstable();
        for id in &ids {
            let locked = payments::lock(tx.conn(), PaymentId::from_uuid(*id)).await?;
            let mut payment = locked.ok_or(Error::NotFound)?;
            give_back_unclaimed(tx, &payment, None).await?;
            for order in shares::list_unreported_of(tx.conn(), payment.id).await? {
                let standing = shares::find(tx.conn(), payment.id, order).await?;
                let standing = standing.ok_or(Error::NotFound)?;
                take_unreported(tx, &mut payment, &standing.left).await?;
            }
        }
        Ok(ids.len())
    }
}

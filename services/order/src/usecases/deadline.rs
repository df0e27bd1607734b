//! Time that is over: what a seller did not accept or ship, and what did not arrive, is taken back; what the buyer keeps
//! is completed.

use std::time::Duration;

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::SellerOrderId;
use uuid::Uuid;

use super::fulfil::complete;
use super::settled;
use super::step::Locked;
use super::take_back::{Decision, take_back_one};
use crate::App;
use crate::domain::credit::CreditCause;
use crate::error::Error;
use crate::store::deadlines;

/// Watches how long sellers, parcels and buyers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerLate {}

impl Timer for SellerLate {
    const NAME: &'static str = "order.seller_late";
    // What waits for days is not in a hurry, and all that is open is read.
    const EVERY: Duration = Duration::from_mins(1);
}

impl BatchTimerHandler<SellerLate> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now();
        let late = deadlines::list(tx.conn(), now, except).await?;
        Ok(late.iter().map(SellerOrderId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let mut taken = 0;
        // The order's row is locked, as for everything that happens to a part; then it is looked once more who is late.
        for order in Locked::take_free(tx, ids).await? {
            let order_id = order.row.order_id;
            for (id, state) in deadlines::list_of_order(tx.conn(), order_id, now, ids).await? {
                match state.waits_for().map(CreditCause::of_delay) {
                    Some(Some(cause)) => {
                        let decision = Decision::by(None, cause);
                        take_back_one(tx, &order, id, &decision, None).await?;
                    }
                    Some(None) => complete(tx, &order, id).await?,
                    // It is at its end, and parcels of it are late.
                    None => settled::lose_late(tx, &order, id).await?,
                }
                taken += 1;
            }
        }
        Ok(taken)
    }
}

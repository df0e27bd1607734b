//! What sellers who may not sell any more have not shipped: it is taken back, once they are suspended for long enough.

use std::time::Duration;

use chassis::{BatchTimerHandler, Timer, Tx};
use jiff::Timestamp;
use kernel::SellerOrderId;
use uuid::Uuid;

use super::step::Locked;
use super::take_back::{Decision, take_back_one};
use crate::App;
use crate::domain::credit::CreditCause;
use crate::error::Error;
use crate::store::suspensions;

/// Watches sellers who are suspended. What was suspended by mistake is lifted before anything is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {}

impl Timer for Suspended {
    // It waits for news: a suspension whose end lies unheard is over.
    const NAME: &'static str = "order.suspended";
    const EVERY: Duration = Duration::from_mins(1);
}

/// Buyer, seller and credit note read it.
const REASON: &str = "its seller does not sell here at present";

impl BatchTimerHandler<Suspended> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let since = since(self, tx);
        let open = suspensions::list(tx.conn(), since, except).await?;
        Ok(open.iter().map(SellerOrderId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let since = since(self, tx);
        let by_staff = Decision::by(None, CreditCause::StaffCancelled);
        let decision = Decision { reason: Some(REASON), step: "staff.suspended", ..by_staff };
        let mut taken = 0;
        for order in Locked::take_free(tx, ids).await? {
            let order_id = order.row.order_id;
            for id in suspensions::list_of_order(tx.conn(), order_id, since, ids).await? {
                take_back_one(tx, &order, id, &decision, None).await?;
                taken += 1;
            }
            self.changes.notify(tx, order.row.checkout_id);
        }
        Ok(taken)
    }
}

/// Whoever is suspended since then has been for long enough.
fn since(app: &App, tx: &Tx) -> Timestamp {
    tx.now() - app.config.suspended_wait()
}

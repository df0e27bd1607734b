//! Sellers who have little time left are told, once for each thing they have to do.

use std::time::Duration;

use chassis::{BatchTimerHandler, Timer, Tx};
use contracts::order::{DueStep, SellerOrderDueSoon};
use kernel::SellerOrderId;
use uuid::Uuid;

use super::events_out;
use super::step::Locked;
use crate::App;
use crate::domain::seller_order::{Step, Wait};
use crate::error::Error;
use crate::store::parts;
use crate::store::reminders::{self, Until};

/// Watches how much time sellers have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueSoon {}

impl Timer for DueSoon {
    const NAME: &'static str = "order.due_soon";
    const EVERY: Duration = Duration::from_mins(1);
}

impl BatchTimerHandler<DueSoon> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let until = until(self, tx);
        let due = reminders::list(tx.conn(), until, except).await?;
        Ok(due.iter().map(SellerOrderId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let until = until(self, tx);
        let mut told = 0;
        for order in Locked::take_free(tx, ids).await? {
            let order_id = order.row.order_id;
            for id in reminders::set_reminded(tx.conn(), order_id, until, ids).await? {
                let part = parts::find(tx.conn(), order_id, id).await?.ok_or(Error::NotFound)?;
                let step = part.state.waits_for().and_then(Wait::step);
                let Some((step, due_at)) = step.zip(part.due_at) else { continue };
                let seller_order = events_out::seller_order_ref(&order.row, &part.part, tx.now());
                let step = match step {
                    Step::Accept => DueStep::Accept,
                    Step::Ship => DueStep::Ship,
                };
                tx.emit(&SellerOrderDueSoon { seller_order, step, due_at });
                told += 1;
            }
        }
        Ok(told)
    }
}

/// Of which deadlines it is time to tell.
fn until(app: &App, tx: &Tx) -> Until {
    let now = tx.now();
    let until = |step| now + app.config.notice(step);
    Until { now, accept: until(Step::Accept), ship: until(Step::Ship) }
}

//! Returns that nobody moved on in time: time takes the next step.

use std::time::Duration;

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::ReturnId;
use uuid::Uuid;

use super::returns::{Deed, step};
use super::step::Locked;
use crate::App;
use crate::error::Error;
use crate::store::return_lists;
use crate::store::returns::ReturnRow;

/// Watches how long buyers, sellers and staff take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnLate {}

impl Timer for ReturnLate {
    const NAME: &'static str = "order.return_late";
    // What waits for days is not in a hurry.
    const EVERY: Duration = Duration::from_mins(1);
}

impl BatchTimerHandler<ReturnLate> for App {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now();
        let late = return_lists::list_due(tx.conn(), now, except).await?;
        Ok(late.iter().map(ReturnId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let mut taken = 0;
        // The order's row is locked, as for everything that happens to it; then it is looked once more which are late.
        for order in Locked::take_free(tx, ids).await? {
            let open = return_lists::list_open(tx.conn(), order.row.order_id).await?;
            let is_late = |row: &ReturnRow| {
                ids.contains(&row.id.as_uuid()) && row.due_at.is_some_and(|due_at| due_at <= now)
            };
            for row in open.into_iter().filter(is_late) {
                step(tx, &order, row, Deed::TIME_OVER).await?;
                taken += 1;
            }
        }
        Ok(taken)
    }
}

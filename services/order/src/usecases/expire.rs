//! Orders whose time is over.

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::OrderId;
use uuid::Uuid;

use super::step::Locked;
use crate::App;
use crate::domain::order::Reason;
use crate::error::Error;
use crate::store;

/// Watches the payment window, and reservations that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {}

impl Timer for Overdue {
    // It waits for news: an answer that lies unheard wins over the clock.
    const NAME: &'static str = "order.overdue";
}

impl BatchTimerHandler<Overdue> for App {
    type Error = Error;

    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now();
        let due = store::orders::list_due(tx.conn(), now, except).await?;
        Ok(due.iter().map(OrderId::as_uuid).collect())
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        // Another replica may have listed the same ones: what it has locked or moved on is left to it.
        let due = store::orders::lock_due(tx.conn(), now, ids).await?;
        let taken = due.len();
        for row in due {
            let mut order = Locked { row };
            let cause = "timer.window_over";
            if let Some(next) = order.next(order.row.state.window_over(), cause)? {
                let reason = Reason::PaymentWindowOver;
                order.request_cancellation(self, tx, next, reason, cause).await?;
            }
        }
        Ok(taken)
    }
}

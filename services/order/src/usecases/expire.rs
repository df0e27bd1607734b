//! Orders whose time is over.

use chassis::{BatchTimerHandler, Timer, Tx};
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
    const NAME: &'static str = "order.overdue";
}

impl BatchTimerHandler<Overdue> for App {
    type Error = Error;

    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now();
        Ok(store::orders::list_due(tx.conn(), now, except).await?)
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let due = store::orders::lock_due(tx.conn(), now, ids).await?;
        let taken = due.len();
        for header in due {
            let mut order = Locked { header };
            let cause = "timer.window_over";
            if let Some(next) = order.next(order.header.state.window_over(), cause)? {
                let reason = Reason::PaymentWindowOver;
                order.request_cancellation(self, tx, next, reason, cause).await?;
            }
        }
        Ok(taken)
    }
}

//! Orders whose time is over, and orders that shall end and were not answered.

use chassis::{BatchTimerHandler, Timer, Tx};
use kernel::OrderId;
use uuid::Uuid;

use super::step::Locked;
use crate::App;
use crate::domain::order::Reason;
use crate::domain::saga::{OrderState, Unanswered};
use crate::error::Error;
use crate::store;

/// Watches the payment window, and questions that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {}

impl Timer for Overdue {
    // It waits for news: an answer that lies unheard wins over the clock.
    const NAME: &'static str = "order.overdue";
}

impl BatchTimerHandler<Overdue> for App {
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
            let order = Locked { row };
            if order.row.state == OrderState::CancelPending {
                ask_again(tx, &order).await?;
            } else {
                window_over(self, tx, order).await?;
            }
        }
        Ok(taken)
    }
}

async fn window_over(app: &App, tx: &mut Tx, mut order: Locked) -> Result<(), Error> {
    let cause = "timer.window_over";
    if let Some(next) = order.next(order.row.state.window_over(), cause)? {
        let reason = Reason::PaymentWindowOver;
        order.request_cancellation(app, tx, next, reason, cause).await?;
    }
    Ok(())
}

/// An answer that was lost is given once more. Where none comes a person has to look, and time decides nothing.
async fn ask_again(tx: &mut Tx, order: &Locked) -> Result<(), Error> {
    let (id, number, now) = (order.row.order_id, &order.row.number, tx.now());
    let asks = store::unanswered::find_asks(tx.conn(), id).await?;
    let due_at = match Unanswered::after(asks) {
        Unanswered::Ask(pause) => {
            tracing::warn!(order.id = %id, asks, "order {number} shall end and is not answered: asking again");
            order.ask_to_cancel(tx);
            Some(now + pause)
        }
        Unanswered::GiveUp => {
            tracing::error!(order.id = %id, "order {number} shall end and is not answered");
            None
        }
    };
    Ok(store::unanswered::set_asks(tx.conn(), id, asks.saturating_add(1), due_at).await?)
}

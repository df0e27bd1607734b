//! How a payment moves its order along: approved, captured, declined.

use super::books::Entry;
use super::order::{Capture, Order, OrderStatus};
use super::payment::Payment;
use super::refused::Refused;
use super::turn::Turn;
use super::wire::Happening;

/// The bank says yes, to `amount` if it is not what was asked.
pub fn approve(
    turn: &mut Turn<'_>,
    order: &Order,
    payment: &Payment,
    amount: Option<i64>,
) -> Result<Payment, Refused> {
    let rrn = turn.ids.rrn();
    let authorized = payment.authorize(amount, rrn)?;

    turn.tell(Happening::Authorized(&authorized));
    match order.capture {
        Capture::Automatic => capture(turn, order, &authorized),
        Capture::Manual => {
            turn.keep(Entry::Order(order.clone()));
            turn.keep(Entry::Payment(authorized.clone()));
            Ok(authorized)
        }
    }
}

/// The authorised money becomes the merchant's, and pays the order.
pub fn capture(turn: &mut Turn<'_>, order: &Order, payment: &Payment) -> Result<Payment, Refused> {
    let captured = payment.capture(turn.now)?;
    let credited = order.receive(captured.amount);

    turn.tell(Happening::Captured(&captured));
    if order.status() != OrderStatus::Paid && credited.status() == OrderStatus::Paid {
        turn.tell(Happening::OrderPaid(&credited, &captured));
    }
    turn.keep(Entry::Order(credited));
    turn.keep(Entry::Payment(captured.clone()));
    Ok(captured)
}

/// The buyer or the bank says no.
pub fn decline(turn: &mut Turn<'_>, order: &Order, payment: &Payment) -> Result<Payment, Refused> {
    let failed = payment.fail()?;

    turn.tell(Happening::Failed(&failed));
    turn.keep(Entry::Order(order.clone()));
    turn.keep(Entry::Payment(failed.clone()));
    Ok(failed)
}

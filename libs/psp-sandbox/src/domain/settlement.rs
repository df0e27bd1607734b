//! How a payment moves its order along: approved, declined.

use super::books::JournalEntry;
use super::order::{Order, OrderStatus};
use super::payback;
use super::payment::Payment;
use super::plan::Second;
use super::refused::Refused;
use super::turn::Turn;
use super::wire::Happening;

/// The bank says yes, to `amount` if it is not what was asked. The money becomes the merchant's and pays the order; unless
/// the order is paid already and nothing else was planned: then it goes back and was never the merchant's.
pub fn approve(
    turn: &mut Turn<'_>,
    order: &Order,
    payment: &Payment,
    amount: Option<i64>,
) -> Result<Payment, Refused> {
    let rrn = turn.ids.rrn();
    let [authorized, captured] = payment.approve(amount, rrn, turn.now)?;
    let captured = captured.charged(order.plan.fee_bp);
    turn.emit(Happening::Authorized(&authorized));
    if order.status() == OrderStatus::Paid && order.plan.second == Second::AutoRefunded {
        turn.keep(JournalEntry::Order(order.clone()));
        return Ok(payback::return_uncaptured(turn, &authorized));
    }

    credit(turn, order, &captured);
    Ok(captured)
}

fn credit(turn: &mut Turn<'_>, order: &Order, captured: &Payment) {
    // Money of another currency pays nothing of it.
    let pays = captured.currency == order.currency;
    let credited = if pays { order.receive(captured.amount) } else { order.clone() };
    turn.emit(Happening::Captured(captured));
    if order.status() != OrderStatus::Paid && credited.status() == OrderStatus::Paid {
        turn.emit(Happening::OrderPaid(&credited, captured));
    }
    turn.keep(JournalEntry::Order(credited));
    turn.keep(JournalEntry::Payment(captured.clone()));
}

/// The buyer or the bank says no.
pub fn decline(turn: &mut Turn<'_>, order: &Order, payment: &Payment) -> Result<Payment, Refused> {
    let failed = payment.fail()?;

    turn.emit(Happening::Failed(&failed));
    turn.keep(JournalEntry::Order(order.clone()));
    turn.keep(JournalEntry::Payment(failed.clone()));
    Ok(failed)
}

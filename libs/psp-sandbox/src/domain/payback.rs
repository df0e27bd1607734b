//! How money goes back: accepted, then processed or failed; or by the provider's own hand.

use std::collections::BTreeMap;

use super::books::JournalEntry;
use super::payment::Payment;
use super::refund::{Refund, RefundAsk, RefundStatus, Speed};
use super::refused::Refused;
use super::turn::Turn;
use super::wire::Happening;

/// Takes a refund in as `status`, and tells of it. It is the merchant's money from here on, until the refund fails.
pub fn accept(
    turn: &mut Turn<'_>,
    payment: &Payment,
    ask: RefundAsk,
    amount: i64,
    status: RefundStatus,
) -> (Refund, Payment) {
    let refund = refund(turn, payment, ask, amount, status);
    let reduced = payment.give_back(amount);
    turn.emit(Happening::RefundCreated(&refund, &reduced));
    if refund.ask.speed == Speed::Optimum {
        turn.emit(Happening::RefundSpeedChanged(&refund, &reduced));
    }
    if status == RefundStatus::Processed {
        turn.emit(Happening::RefundProcessed(&refund, &reduced));
    }
    turn.keep(JournalEntry::Payment(reduced.clone()));
    turn.keep(JournalEntry::Refund(refund.clone()));
    (refund, reduced)
}

fn refund(
    turn: &mut Turn<'_>,
    payment: &Payment,
    ask: RefundAsk,
    amount: i64,
    status: RefundStatus,
) -> Refund {
    Refund {
        id: turn.ids.refund(),
        order_id: payment.order_id.clone(),
        amount,
        currency: payment.currency,
        ask,
        arn: (status == RefundStatus::Processed).then(|| turn.ids.rrn()),
        status,
        answered: status,
        created_at: turn.now,
        processed_at: None,
    }
}

/// A pending refund reaches the buyer.
pub fn process(turn: &mut Turn<'_>, refund: &Refund, payment: &Payment) -> Result<Refund, Refused> {
    let arn = turn.ids.rrn();
    let processed = refund.process(arn, turn.now)?;
    turn.emit(Happening::RefundProcessed(&processed, payment));
    turn.keep(JournalEntry::Refund(processed.clone()));
    Ok(processed)
}

/// A pending refund cannot be carried out: the money is refundable again.
pub fn fail(turn: &mut Turn<'_>, refund: &Refund, payment: &Payment) -> Result<Refund, Refused> {
    let failed = refund.fail()?;
    let restored = payment.take_back(refund.amount);
    turn.emit(Happening::RefundFailed(&failed, &restored));
    turn.keep(JournalEntry::Payment(restored));
    turn.keep(JournalEntry::Refund(failed.clone()));
    Ok(failed)
}

/// Sends a payment back that is authorised and will not be captured.
pub fn return_uncaptured(turn: &mut Turn<'_>, authorized: &Payment) -> Payment {
    let ask = RefundAsk {
        payment_id: authorized.id.clone(),
        amount: None,
        speed: Speed::Normal,
        receipt: None,
        notes: BTreeMap::new(),
        key: None,
    };
    let (_, returned) = accept(turn, authorized, ask, authorized.amount, RefundStatus::Processed);
    returned
}

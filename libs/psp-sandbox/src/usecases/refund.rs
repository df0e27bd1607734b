//! A merchant gives money back.

use crate::domain::books::{Books, JournalEntry};
use crate::domain::order::Order;
use crate::domain::payback;
use crate::domain::payment::Payment;
use crate::domain::plan::RefundAnswer;
use crate::domain::refund::{Refund, RefundAsk, RefundStatus};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;

/// What the merchant hears. A planned refusal uses up its plan, so it is kept like any other answer.
#[derive(Debug)]
pub enum Answer {
    /// This refund.
    Given(Box<Refund>),
    /// No.
    Refused(Refused),
    /// Nothing, whatever was done.
    Silence,
}

/// Refunds a payment as its order's plan has it, or finds the refund that the same key asked for before.
pub fn refund(books: &Books, turn: &mut Turn<'_>, ask: RefundAsk) -> Result<Answer, Refused> {
    if let Some(known) = ask.key.as_deref().and_then(|key| books.find_by_refund_key(key)) {
        let same = known.ask == ask;
        return if same {
            Ok(Answer::Given(Box::new(known.as_answered())))
        } else {
            Err(Refused::KeyReused)
        };
    }
    let payment = books.payment(&ask.payment_id)?;
    let amount = payment.refundable(ask.amount)?;
    if let Some(receipt) = &ask.receipt
        && books.find_by_refund_receipt(payment, receipt).is_some()
    {
        return Err(Refused::RefundReceiptTaken);
    }
    let order = books.order(&payment.order_id)?;
    turn.keep(JournalEntry::Order(order.planned(order.plan.answered())));
    answer(turn, order, payment, ask, amount)
}

fn answer(
    turn: &mut Turn<'_>,
    order: &Order,
    payment: &Payment,
    ask: RefundAsk,
    amount: i64,
) -> Result<Answer, Refused> {
    let accept = |status| payback::accept(turn, payment, ask, amount, status);
    Ok(match order.plan.refund_answer() {
        RefundAnswer::Processed => Answer::Given(Box::new(accept(RefundStatus::Processed).0)),
        RefundAnswer::Pending => Answer::Given(Box::new(accept(RefundStatus::Pending).0)),
        RefundAnswer::TimeoutAfterActing => {
            accept(RefundStatus::Processed);
            Answer::Silence
        }
        RefundAnswer::FailedLater => {
            let (refund, reduced) = accept(RefundStatus::Pending);
            payback::fail(turn, &refund, &reduced)?;
            Answer::Given(Box::new(refund))
        }
        RefundAnswer::Refused => Answer::Refused(Refused::NeverRefunded),
        RefundAnswer::NoBalance => Answer::Refused(Refused::NoBalance),
        RefundAnswer::Conflict => Answer::Refused(Refused::KeyInProgress),
    })
}

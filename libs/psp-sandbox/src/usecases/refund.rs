//! A merchant gives money back.

use crate::domain::books::{Books, JournalEntry};
use crate::domain::refund::{Refund, RefundAsk};
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;
use crate::domain::wire::Happening;

/// Refunds a payment, or finds the refund that the same key asked for before.
pub fn refund(books: &Books, turn: &mut Turn<'_>, ask: RefundAsk) -> Result<Refund, Refused> {
    if let Some(known) = ask.key.as_deref().and_then(|key| books.find_by_refund_key(key)) {
        return if known.ask == ask { Ok(known.clone()) } else { Err(Refused::KeyReused) };
    }
    let payment = books.payment(&ask.payment_id)?;
    let amount = payment.refundable(ask.amount)?;

    let refund = Refund {
        id: turn.ids.refund(),
        order_id: payment.order_id.clone(),
        amount,
        currency: payment.currency,
        ask,
        arn: turn.ids.rrn(),
        created_at: turn.now,
    };
    let reduced = payment.give_back(amount);
    turn.emit(Happening::RefundCreated(&refund, &reduced));
    turn.emit(Happening::RefundProcessed(&refund, &reduced));
    turn.keep(JournalEntry::Payment(reduced));
    turn.keep(JournalEntry::Refund(refund.clone()));
    Ok(refund)
}

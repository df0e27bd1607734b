//! The hand-rail: somebody plays the buyer's UPI app.

use kernel::Currency;
use serde::Deserialize;

use crate::domain::books::{Books, JournalEntry};
use crate::domain::order::Order;
use crate::domain::payment::{Payment, PaymentState};
use crate::domain::refused::Refused;
use crate::domain::settlement;
use crate::domain::turn::Turn;
use crate::domain::webhook::{Plan, Route};

/// What the buyer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Approves.
    Captured,
    /// Declines.
    Failed,
    /// Looks at the request and puts the phone away.
    #[serde(rename = "none")]
    Nothing,
}

/// One move of the buyer.
#[derive(Debug, Clone)]
pub struct Pay {
    /// The order to pay.
    pub order_id: String,
    /// The payment, or the one [`pay`] picks.
    pub payment_id: Option<String>,
    /// What the buyer does.
    pub outcome: Outcome,
    /// What the bank takes, if not what was asked.
    pub amount: Option<i64>,
    /// In which currency, if not in the one that was asked for.
    pub currency: Option<Currency>,
    /// How the merchant hears of it.
    pub plan: Plan,
}

/// Plays the buyer. Without a `payment_id` it is the newest pending payment; without one of
/// those an approval revives the newest failed payment, as a late authorisation does; without
/// one of those the buyer begins a new payment.
pub fn pay(books: &Books, turn: &mut Turn<'_>, ask: &Pay) -> Result<Payment, Refused> {
    let order = books.order(&ask.order_id)?;
    turn.plan = ask.plan;

    let (order, begun) = match pick(books, order, ask)? {
        Some(payment) => (order.clone(), payment.clone()),
        None => begin(turn, order, ask),
    };
    let payment = Payment { currency: ask.currency.unwrap_or(begun.currency), ..begun };
    match ask.outcome {
        Outcome::Captured => settlement::approve(turn, &order, &payment, ask.amount),
        Outcome::Failed => settlement::decline(turn, &order, &payment),
        Outcome::Nothing => leave(turn, order, payment, ask),
    }
}

/// Nothing happens, whatever a forger claims.
fn leave(turn: &mut Turn<'_>, order: Order, paid: Payment, ask: &Pay) -> Result<Payment, Refused> {
    if ask.plan.route == Route::Forged {
        turn.pretend(|turn| settlement::approve(turn, &order, &paid, ask.amount))?;
    }
    turn.keep(JournalEntry::Order(order));
    turn.keep(JournalEntry::Payment(paid.clone()));
    Ok(paid)
}

fn pick<'a>(books: &'a Books, order: &Order, ask: &Pay) -> Result<Option<&'a Payment>, Refused> {
    if let Some(id) = &ask.payment_id {
        let payment = books.payment(id)?;
        let belongs = payment.order_id == order.id;
        return if belongs { Ok(Some(payment)) } else { Err(Refused::UnknownId) };
    }
    let newest = |wanted: &PaymentState| {
        books.payments_of(&order.id).rev().find(|payment| payment.state == *wanted)
    };
    let late = match ask.outcome {
        Outcome::Captured => newest(&PaymentState::Failed),
        Outcome::Failed | Outcome::Nothing => None,
    };
    Ok(newest(&PaymentState::Created).or(late))
}

fn begin(turn: &mut Turn<'_>, order: &Order, ask: &Pay) -> (Order, Payment) {
    let due = order.amount_due();
    let payment = Payment {
        id: turn.ids.payment(),
        order_id: order.id.clone(),
        amount: ask.amount.unwrap_or(if due > 0 { due } else { order.amount }),
        currency: order.currency,
        description: None,
        email: None,
        contact: None,
        state: PaymentState::Created,
        refunded: 0,
        created_at: turn.now,
    };
    (order.attempt(), payment)
}

#[cfg(test)]
mod tests;

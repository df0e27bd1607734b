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
        Outcome::Nothing => {
            if ask.plan.route == Route::Forged {
                turn.pretend(|turn| settlement::approve(turn, &order, &payment, ask.amount))?;
            }
            turn.keep(JournalEntry::Order(order));
            turn.keep(JournalEntry::Payment(payment.clone()));
            Ok(payment)
        }
    }
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
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::ids::Ids;
    use crate::domain::order::OrderStatus;
    use crate::domain::plan::{OrderPlan, Second};
    use crate::domain::webhook::{Event, Sequence};

    fn books() -> Books {
        let mut books = Books::default();
        books.apply(JournalEntry::Order(Order {
            id: "order_1".into(),
            amount: 1_000,
            currency: Currency::Inr,
            receipt: None,
            amount_paid: 0,
            attempts: 0,
            plan: OrderPlan::default(),
            created_at: Timestamp::UNIX_EPOCH,
        }));
        books
    }

    fn ask(outcome: Outcome) -> Pay {
        let (order_id, plan) = ("order_1".into(), Plan::faithful());
        Pay { order_id, payment_id: None, outcome, amount: None, currency: None, plan }
    }

    fn play(books: &mut Books, seed: u64, ask: &Pay) -> (Payment, Vec<Event>) {
        let mut ids = Ids::seeded(seed);
        let mut turn = Turn::begin(Timestamp::UNIX_EPOCH, &mut ids);
        let payment = pay(books, &mut turn, ask).unwrap();
        let mut events = Vec::new();
        for entry in turn.finish() {
            if let JournalEntry::Webhook(webhook) = &entry {
                events.push(webhook.event);
            }
            books.apply(entry);
        }
        (payment, events)
    }

    #[test]
    fn an_approval_captures_and_pays_the_order() {
        let mut books = books();
        let (_, events) = play(&mut books, 1, &ask(Outcome::Captured));
        assert_eq!(events, [Event::PaymentAuthorized, Event::PaymentCaptured, Event::OrderPaid]);
        assert_eq!(books.order("order_1").unwrap().status(), OrderStatus::Paid);
    }

    #[test]
    fn an_approval_after_a_failure_revives_the_same_payment() {
        let mut books = books();
        let (failed, _) = play(&mut books, 1, &ask(Outcome::Failed));
        let (captured, _) = play(&mut books, 2, &ask(Outcome::Captured));
        assert_eq!(failed.id, captured.id);
        assert!(matches!(captured.state, PaymentState::Captured { .. }));
    }

    #[test]
    fn a_second_approval_goes_back_and_was_never_captured() {
        let mut books = books();
        play(&mut books, 1, &ask(Outcome::Captured));
        let (second, events) = play(&mut books, 2, &ask(Outcome::Captured));
        assert_eq!(
            events,
            [Event::PaymentAuthorized, Event::RefundCreated, Event::RefundProcessed]
        );
        assert!(!second.is_captured());
        assert_eq!(second.refunded, second.amount);
        assert_eq!(books.order("order_1").unwrap().amount_paid, 1_000);
    }

    #[test]
    fn a_second_approval_that_is_planned_is_captured_and_pays_the_order_once() {
        let mut books = books();
        let plan = OrderPlan { second: Second::Captured, ..OrderPlan::default() };
        let planned = books.order("order_1").unwrap().planned(plan);
        books.apply(JournalEntry::Order(planned));
        let (first, _) = play(&mut books, 1, &ask(Outcome::Captured));
        let (second, events) = play(&mut books, 2, &ask(Outcome::Captured));
        assert_ne!(first.id, second.id);
        assert_eq!(second.amount, 1_000);
        assert_eq!(events, [Event::PaymentAuthorized, Event::PaymentCaptured]);
        assert_eq!(books.order("order_1").unwrap().amount_paid, 2_000);
    }

    #[test]
    fn too_little_money_does_not_pay_the_order() {
        let mut books = books();
        let short = Pay { amount: Some(999), ..ask(Outcome::Captured) };
        let (payment, events) = play(&mut books, 1, &short);
        assert_eq!(payment.amount, 999);
        assert_eq!(events, [Event::PaymentAuthorized, Event::PaymentCaptured]);
        assert_eq!(books.order("order_1").unwrap().status(), OrderStatus::Attempted);
    }

    #[test]
    fn money_of_another_currency_does_not_pay_the_order() {
        let mut books = books();
        let dollars = Pay { currency: Some(Currency::Usd), ..ask(Outcome::Captured) };
        let (payment, events) = play(&mut books, 1, &dollars);
        assert_eq!((payment.amount, payment.currency), (1_000, Currency::Usd));
        assert_eq!(events, [Event::PaymentAuthorized, Event::PaymentCaptured]);
        assert_eq!(books.order("order_1").unwrap().amount_paid, 0);
    }

    #[test]
    fn a_forged_claim_changes_nothing_in_the_books() {
        let mut books = books();
        let plan = Plan { route: Route::Forged, ..Plan::faithful() };
        let (payment, events) = play(&mut books, 1, &Pay { plan, ..ask(Outcome::Nothing) });
        assert_eq!(events, [Event::PaymentAuthorized, Event::PaymentCaptured, Event::OrderPaid]);
        assert!(books.payment(&payment.id).unwrap().is_pending());
        assert_eq!(books.order("order_1").unwrap().amount_paid, 0);
    }

    #[test]
    fn reversed_webhooks_tell_the_end_first() {
        let plan = Plan { sequence: Sequence::Reversed, ..Plan::faithful() };
        let (_, events) = play(&mut books(), 1, &Pay { plan, ..ask(Outcome::Captured) });
        assert_eq!(events, [Event::OrderPaid, Event::PaymentCaptured, Event::PaymentAuthorized]);
    }

    #[test]
    fn lost_webhooks_are_remembered_with_nothing_to_deliver() {
        let mut books = books();
        let plan = Plan { route: Route::Lost, ..Plan::faithful() };
        play(&mut books, 1, &Pay { plan, ..ask(Outcome::Captured) });
        assert_eq!(books.webhooks_of("order_1").count(), 3);
        assert!(books.undelivered().is_empty());
    }
}

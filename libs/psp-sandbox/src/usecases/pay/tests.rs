//! What a payment pays, tries and pretends.

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
    assert_eq!(events, [Event::PaymentAuthorized, Event::RefundCreated, Event::RefundProcessed]);
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

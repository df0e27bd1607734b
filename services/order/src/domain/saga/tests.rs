//! The laws of the saga, over every short sequence of facts and over long random ones.

use proptest::prelude::*;

use super::super::order::Method;
use super::{OrderState, OrderStep, Unanswered};

/// Every arrow there is, as the README publishes them.
const ARROWS: [(OrderState, OrderState); 16] = [
    (OrderState::Placed, OrderState::Reserving),
    (OrderState::Placed, OrderState::Rejected),
    (OrderState::Placed, OrderState::Cancelled),
    (OrderState::Reserving, OrderState::Reserved),
    (OrderState::Reserving, OrderState::Rejected),
    (OrderState::Reserving, OrderState::Cancelled),
    (OrderState::Reserved, OrderState::AwaitingPayment),
    (OrderState::Reserved, OrderState::AwaitingCodOk),
    (OrderState::Reserved, OrderState::Cancelled),
    (OrderState::AwaitingPayment, OrderState::Confirmed),
    (OrderState::AwaitingPayment, OrderState::CancelPending),
    (OrderState::AwaitingCodOk, OrderState::Confirmed),
    (OrderState::AwaitingCodOk, OrderState::CancelPending),
    (OrderState::AwaitingCodOk, OrderState::Cancelled),
    (OrderState::CancelPending, OrderState::Confirmed),
    (OrderState::CancelPending, OrderState::Cancelled),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Reserve,
    Reserved,
    Refused,
    AskPayment,
    Paid,
    CodAccepted,
    PaymentCancelled,
    CodRefused,
    WindowOver,
    BuyerCancels,
}

const FACTS: [Fact; 10] = [
    Fact::Reserve,
    Fact::Reserved,
    Fact::Refused,
    Fact::AskPayment,
    Fact::Paid,
    Fact::CodAccepted,
    Fact::PaymentCancelled,
    Fact::CodRefused,
    Fact::WindowOver,
    Fact::BuyerCancels,
];

const STATES: [OrderState; 9] = [
    OrderState::Placed,
    OrderState::Reserving,
    OrderState::Reserved,
    OrderState::AwaitingPayment,
    OrderState::AwaitingCodOk,
    OrderState::CancelPending,
    OrderState::Confirmed,
    OrderState::Rejected,
    OrderState::Cancelled,
];

fn step(state: OrderState, fact: Fact, method: Method) -> OrderStep {
    match fact {
        Fact::Reserve => state.reserve(),
        Fact::Reserved => state.reserved(),
        Fact::Refused => state.refused(),
        Fact::AskPayment => state.ask_payment(method),
        Fact::Paid => state.paid(),
        Fact::CodAccepted => state.cod_accepted(),
        Fact::PaymentCancelled => state.payment_cancelled(),
        Fact::CodRefused => state.cod_refused(),
        Fact::WindowOver => state.window_over(),
        Fact::BuyerCancels => state.cancel().unwrap_or(OrderStep::TooLate),
    }
}

/// Where the order has been after hearing `facts`, the start included.
fn history(facts: &[Fact], method: Method) -> Vec<OrderState> {
    let mut history = vec![OrderState::Placed];
    for fact in facts {
        let now = *history.last().unwrap();
        if let OrderStep::Moved(next) = step(now, *fact, method) {
            history.push(next);
        }
    }
    history
}

fn assert_lawful(history: &[OrderState], facts: &[Fact]) {
    for pair in history.windows(2) {
        assert!(ARROWS.contains(&(pair[0], pair[1])), "{pair:?} is no arrow, after {facts:?}");
        assert!(!pair[0].is_terminal(), "{pair:?} leaves an end, after {facts:?}");
    }
    let ends = history.iter().filter(|state| state.is_terminal()).count();
    assert!(ends <= 1, "{history:?} has two ends, after {facts:?}");
}

#[test]
fn every_sequence_of_up_to_six_facts_is_a_path_with_at_most_one_end() {
    fn go_on(facts: &mut Vec<Fact>, method: Method) {
        assert_lawful(&history(facts, method), facts);
        if facts.len() == 6 {
            return;
        }
        for fact in FACTS {
            facts.push(fact);
            go_on(facts, method);
            facts.pop();
        }
    }
    go_on(&mut Vec::new(), Method::Upi);
    go_on(&mut Vec::new(), Method::Cod);
}

#[test]
fn every_published_arrow_can_be_taken_and_no_other() {
    let mut taken: Vec<(OrderState, OrderState)> = Vec::new();
    for state in STATES {
        for fact in FACTS {
            for method in [Method::Upi, Method::Cod] {
                if let OrderStep::Moved(next) = step(state, fact, method) {
                    taken.push((state, next));
                }
            }
        }
    }
    taken.sort_unstable();
    taken.dedup();
    let mut published = ARROWS.to_vec();
    published.sort_unstable();
    assert_eq!(taken, published);
}

#[test]
fn an_end_stays_whatever_is_heard() {
    for state in STATES.into_iter().filter(|state| state.is_terminal()) {
        for fact in FACTS {
            let step = step(state, fact, Method::Upi);
            assert!(
                !matches!(step, OrderStep::Moved(_) | OrderStep::TooEarly),
                "{state:?} {fact:?} {step:?}"
            );
        }
    }
}

#[test]
fn money_that_comes_while_the_order_is_being_cancelled_confirms_it() {
    assert_eq!(OrderState::CancelPending.paid(), OrderStep::Moved(OrderState::Confirmed));
    assert_eq!(OrderState::Cancelled.paid(), OrderStep::TooLate);
}

#[test]
fn a_grant_of_cash_is_no_money_and_does_not_save_an_order_that_shall_end() {
    let granted = OrderState::AwaitingCodOk.cod_accepted();
    assert_eq!(granted, OrderStep::Moved(OrderState::Confirmed));
    assert_eq!(OrderState::CancelPending.cod_accepted(), OrderStep::Same);
    let end = OrderState::CancelPending.payment_cancelled();
    assert_eq!(end, OrderStep::Moved(OrderState::Cancelled));
}

#[test]
fn an_order_that_shall_end_is_asked_about_after_one_five_and_fifteen_minutes() {
    let (mut at, mut asked, mut asks) = (Unanswered::FIRST_WAIT, Vec::new(), 0);
    while let Unanswered::Ask(pause) = Unanswered::after(asks) {
        asked.push(at.as_mins());
        at += pause;
        asks += 1;
    }
    assert_eq!((asked.as_slice(), at.as_mins()), (&[1, 5, 15][..], 20));
    assert_eq!(asks, Unanswered::ASKS);
}

#[test]
fn time_alone_cancels_nothing_once_the_payment_was_asked_for() {
    assert_eq!(
        OrderState::AwaitingPayment.window_over(),
        OrderStep::Moved(OrderState::CancelPending)
    );
    assert_eq!(OrderState::CancelPending.window_over(), OrderStep::Same);
}

#[test]
fn a_payment_given_up_without_being_asked_is_the_wish_and_its_answer() {
    let path = history(&[Fact::Reserve, Fact::Reserved, Fact::AskPayment], Method::Upi);
    assert_eq!(path.last(), Some(&OrderState::AwaitingPayment));
    let twice = [Fact::PaymentCancelled; 2];
    let facts = [&[Fact::Reserve, Fact::Reserved, Fact::AskPayment][..], &twice].concat();
    let end = history(&facts, Method::Upi);
    assert_eq!(end[end.len() - 2..], [OrderState::CancelPending, OrderState::Cancelled]);
}

#[test]
fn only_a_confirmed_or_rejected_order_refuses_to_be_cancelled() {
    for state in STATES {
        let refused = matches!(state, OrderState::Confirmed | OrderState::Rejected);
        assert_eq!(state.cancel().is_err(), refused, "{state:?}");
    }
}

proptest! {
    #[test]
    fn any_order_and_any_number_of_duplicates_is_a_path_with_at_most_one_end(
        picks in prop::collection::vec(0..FACTS.len(), 0..60),
        cash in any::<bool>(),
    ) {
        let facts: Vec<Fact> = picks.into_iter().map(|pick| FACTS[pick]).collect();
        let method = if cash { Method::Cod } else { Method::Upi };
        assert_lawful(&history(&facts, method), &facts);
    }

    #[test]
    fn a_fact_heard_twice_in_a_row_moves_at_most_once_but_for_the_unasked_end_of_a_payment(
        picks in prop::collection::vec(0..FACTS.len(), 0..20),
        twice in 0..FACTS.len(),
    ) {
        let mut facts: Vec<Fact> = picks.into_iter().map(|pick| FACTS[pick]).collect();
        facts.push(FACTS[twice]);
        let once = history(&facts, Method::Upi);
        facts.push(FACTS[twice]);
        let again = history(&facts, Method::Upi);
        let unasked = FACTS[twice] == Fact::PaymentCancelled;
        prop_assert!(once == again || unasked);
    }

    #[test]
    fn facts_that_came_too_early_and_are_heard_again_lead_to_the_same_end(
        order in Just(vec![Fact::Reserved, Fact::AskPayment, Fact::Paid]).prop_shuffle(),
    ) {
        // What the chassis does with an answer of "not yet": the same fact comes again later.
        let mut state = OrderState::Reserving;
        for _ in 0..order.len() {
            for fact in &order {
                if let OrderStep::Moved(next) = step(state, *fact, Method::Upi) {
                    state = next;
                }
            }
        }
        prop_assert_eq!(state, OrderState::Confirmed);
    }
}

//! The search, and what every end must be.

use std::collections::{BTreeSet, HashSet, VecDeque};

use order::rules::{Method, OrderState};
use payment::rules::PaymentProgress;

use crate::world::{EVENTS, Event, World};

/// How many states can be reached, and those of them in which nobody has anything left to hear or to do. Outside, people
/// may still do things, and the provider may still tell: the search goes on from there.
fn search(method: Method) -> (usize, Vec<World>) {
    let start = World::new(method);
    let mut seen = HashSet::from([format!("{start:?}")]);
    let (mut open, mut ends) = (VecDeque::from([start]), Vec::new());
    while let Some(world) = open.pop_front() {
        let next = |event: &Event| Some((*event, world.after(*event)?));
        let next: Vec<(Event, World)> = EVENTS.iter().filter_map(next).collect();
        let is_end = next.iter().all(|(event, _)| event.is_outside());
        let new = next.into_iter().map(|(_, world)| world);
        open.extend(new.filter(|world| seen.insert(format!("{world:?}"))));
        if is_end {
            ends.push(world);
        }
    }
    (seen.len(), ends)
}

/// What was on its way has arrived.
fn is_quiet(world: &World) -> bool {
    let topics = world.reserve.is_empty()
        && world.stock.is_empty()
        && world.commands.is_empty()
        && world.answers.is_empty()
        && world.ended.is_empty();
    topics && !world.opening && !world.last_look
}

fn assert_agree(world: &World) {
    assert!(is_quiet(world), "{world:#?}");
    assert!(world.order.is_terminal(), "{world:#?}");
    let (payment, stock) = (world.payment, world.piece.state());
    if world.order == OrderState::Confirmed {
        let paid =
            matches!(payment, Some(PaymentProgress::Captured | PaymentProgress::CodAccepted));
        assert!(paid, "it is supplied and not paid for: {world:#?}");
        assert!(matches!(stock, "committed" | "commit_failed"), "{world:#?}");
    } else {
        let free = matches!(
            payment,
            None | Some(
                PaymentProgress::Cancelled
                    | PaymentProgress::CapturedLate
                    | PaymentProgress::CodVoid
                    | PaymentProgress::CodRefused
            )
        );
        assert!(free, "it is paid for and not supplied: {world:#?}");
        assert!(matches!(stock, "rejected" | "released" | "expired"), "{world:#?}");
    }
    // Money is shared once at most, and all of the rest is kept apart.
    let taken: i64 = world.taken.iter().map(|amount| amount.minor()).sum();
    let seen = world.taken.len() == world.known.len();
    let shared = if payment == Some(PaymentProgress::Captured) { 100 } else { 0 };
    assert!(!seen || world.suspense + shared == taken, "{world:#?}");
    let late = payment == Some(PaymentProgress::CapturedLate);
    assert!(!late || world.suspense > 0, "{world:#?}");
}

fn kinds(ends: &[World]) -> BTreeSet<(&'static str, &'static str)> {
    let payment = |world: &World| world.payment.map_or("never asked", |payment| payment.into_str());
    ends.iter().map(|world| (world.order.into_str(), payment(world))).collect()
}

#[test]
fn money_by_upi_is_kept_for_what_is_supplied_and_apart_from_it_otherwise() {
    let (states, ends) = search(Method::Upi);
    ends.iter().for_each(assert_agree);
    let expected = BTreeSet::from([
        ("cancelled", "cancelled"),
        ("cancelled", "captured_late"),
        ("cancelled", "never asked"),
        ("confirmed", "captured"),
        ("rejected", "never asked"),
    ]);
    assert_eq!(kinds(&ends), expected, "of {states} states");
    println!("by UPI: {states} states, {} ends", ends.len());
}

#[test]
fn cash_is_collected_for_what_is_supplied_and_for_nothing_else() {
    let (states, ends) = search(Method::Cod);
    ends.iter().for_each(assert_agree);
    let expected = BTreeSet::from([
        ("cancelled", "cod_refused"),
        ("cancelled", "cod_void"),
        ("cancelled", "never asked"),
        ("confirmed", "cod_accepted"),
        ("rejected", "never asked"),
    ]);
    assert_eq!(kinds(&ends), expected, "of {states} states");
    println!("in cash: {states} states, {} ends", ends.len());
}

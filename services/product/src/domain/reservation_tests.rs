//! Every order and repetition of the facts about a checkout, over a shelf that must always add up.

use kernel::{Money, ProductId, VendorId};
use proptest::prelude::*;

use super::super::demand::OfferStatus;
use super::super::parcel::ParcelRef;
use super::super::shelf::Slot;
use super::super::stock::Counters;
use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Reserve,
    Confirm,
    Cancel,
    TimeUp,
    Ship,
    /// Somebody else buys this many of A.
    Rival(i64),
}

/// A checkout of 2 + 1 A and 4 B over a shelf, with the ledger of everything that moved.
struct World {
    reservation: Reservation,
    shelf: Shelf,
    shipped: bool,
    parcel_waits: bool,
    ledger: Vec<Move>,
    answers: Vec<ReservationState>,
}

fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

fn start() -> Timestamp {
    Timestamp::from_second(1_000).unwrap()
}

fn wanted() -> Vec<Wanted> {
    [("A", 2), ("B", 4), ("A", 1)]
        .map(|(name, quantity)| Wanted { sku: sku(name), quantity, expected: Money::inr(100) })
        .into()
}

fn owed() -> Demand {
    Demand::from([(sku("A"), 3), (sku("B"), 4)])
}

fn offers() -> BTreeMap<Sku, Offer> {
    let offer = Offer { price: Money::inr(100), standing: OfferStatus::Sellable };
    BTreeMap::from([(sku("A"), offer), (sku("B"), offer)])
}

impl World {
    fn with_stock(a: i64, b: i64) -> Self {
        let slot = |(name, n): (&str, i64)| {
            let counters = Counters { received: n, available: n, ..Counters::default() };
            (sku(name), Slot { product_id: ProductId::new(), vendor_id: VendorId::new(), counters })
        };
        Self {
            reservation: Reservation {
                checkout_id: CheckoutId::new(),
                order_id: OrderId::new(),
                state: ReservationState::New,
                lines: Vec::new(),
            },
            shelf: [("A", a), ("B", b)].into_iter().map(slot).collect(),
            shipped: false,
            parcel_waits: false,
            ledger: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn deliver(&mut self, fact: Fact) {
        let step = match fact {
            Fact::Reserve => self.reservation.reserve(&wanted(), start(), &offers(), &self.shelf),
            Fact::Confirm => self.reservation.confirm(&[owed()], &self.shelf),
            Fact::Cancel => self.reservation.cancel(),
            Fact::TimeUp => self.reservation.time_is(start()),
            Fact::Ship => return self.ship(),
            Fact::Rival(n) => return self.rival(n),
        };
        if let ReservationStep::Answer(moves) = step {
            self.shelf.carry_out(&moves).expect("a step only moves what is there");
            self.ledger.extend(moves);
            self.answers.push(self.reservation.state.clone());
        }
        if self.parcel_waits {
            self.ship();
        }
    }

    fn ship(&mut self) {
        if self.shipped {
            return;
        }
        match self.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &owed()) {
            Parcel::Left(moves) => {
                self.shelf.carry_out(&moves).expect("only what was sold leaves");
                self.ledger.extend(moves);
                (self.shipped, self.parcel_waits) = (true, false);
            }
            Parcel::Waits => self.parcel_waits = true,
            Parcel::Unmatched(sku) => {
                let failed =
                    matches!(self.reservation.state, ReservationState::CommitFailed { .. });
                assert!(failed, "{sku} was sold");
                self.parcel_waits = false;
            }
        }
    }

    fn rival(&mut self, quantity: i64) {
        let cause = Cause::Checkout(CheckoutId::new());
        let moves = [Kind::Hold, Kind::Commit, Kind::Ship].map(|kind| Move {
            sku: sku("A"),
            kind,
            quantity,
            cause: cause.clone(),
        });
        self.shelf.carry_out(&moves).ok();
    }

    fn counters(&self, name: &str) -> Counters {
        self.shelf.slot(&sku(name)).unwrap().counters
    }

    /// What the state says must be what the counters of B (no rival buys B) say.
    fn assert_consistent(&self) {
        let b = self.counters("B");
        assert_eq!(b.available + b.held + b.committed, b.received - b.shipped);
        let (held, committed, shipped) = match self.reservation.state {
            ReservationState::Held { .. } => (4, 0, 0),
            ReservationState::Committed if self.shipped => (0, 0, 4),
            ReservationState::Committed => (0, 4, 0),
            ReservationState::New
            | ReservationState::Rejected { .. }
            | ReservationState::CommitFailed { .. }
            | ReservationState::Released
            | ReservationState::Expired => (0, 0, 0),
        };
        assert_eq!((b.held, b.committed, b.shipped), (held, committed, shipped));
        let a = self.counters("A");
        assert!(a.available >= 0 && a.available + a.held + a.committed == a.received - a.shipped);
    }
}

/// Every order of `facts`.
fn permutations(facts: &[Fact]) -> Vec<Vec<Fact>> {
    if facts.is_empty() {
        return vec![Vec::new()];
    }
    let heads = (0..facts.len()).flat_map(|i| {
        let mut rest = facts.to_vec();
        let head = rest.remove(i);
        permutations(&rest).into_iter().map(move |tail| [vec![head], tail].concat())
    });
    heads.collect()
}

fn run(facts: &[Fact], mut world: World) -> World {
    for fact in facts {
        world.deliver(*fact);
        world.assert_consistent();
    }
    world
}

#[test]
fn a_confirmed_order_gets_its_goods_in_whatever_order_the_facts_come() {
    use Fact::{Cancel, Confirm, Reserve, Ship, TimeUp};
    for facts in permutations(&[Reserve, Reserve, Confirm, Confirm, TimeUp, Cancel, Ship]) {
        let world = run(&facts, World::with_stock(10, 10));
        assert_eq!(world.reservation.state, ReservationState::Committed, "{facts:?}");
        assert!(world.shipped, "{facts:?}");
        assert_eq!((world.counters("A").available, world.counters("B").available), (7, 6));
    }
}

#[test]
fn a_cancelled_order_keeps_nothing_in_whatever_order_the_facts_come() {
    use Fact::{Cancel, Reserve, TimeUp};
    for facts in permutations(&[Reserve, Reserve, Cancel, Cancel, TimeUp]) {
        let world = run(&facts, World::with_stock(10, 10));
        assert!(
            matches!(
                world.reservation.state,
                ReservationState::Released | ReservationState::Expired
            ),
            "{facts:?}: {:?}",
            world.reservation.state
        );
        assert_eq!((world.counters("A").available, world.counters("B").available), (10, 10));
    }
}

#[test]
fn a_release_that_overtakes_its_reserve_is_remembered() {
    let mut world = World::with_stock(10, 10);
    world.deliver(Fact::Cancel);
    assert_eq!(world.answers, [], "nothing was released yet");
    world.deliver(Fact::Reserve);
    assert_eq!(world.answers, [ReservationState::Released]);
    assert_eq!(world.ledger, []);
}

#[test]
fn a_second_reserve_is_answered_the_same_and_holds_nothing_more() {
    let mut world = World::with_stock(3, 4);
    world.deliver(Fact::Reserve);
    world.deliver(Fact::Reserve);
    let held = ReservationState::Held { until: start() };
    assert_eq!(world.answers, [held.clone(), held]);
    assert_eq!((world.counters("A").held, world.counters("A").available), (3, 0));

    let mut empty = World::with_stock(2, 4);
    empty.deliver(Fact::Reserve);
    empty.deliver(Fact::Reserve);
    assert_eq!(empty.answers[0], empty.answers[1]);
    let ReservationState::Rejected { problems } = &empty.answers[0] else {
        panic!("{:?}", empty.answers)
    };
    assert_eq!(problems[0].sku, sku("A"));
    assert_eq!(empty.counters("B").held, 0, "all or nothing");
}

#[test]
fn an_expired_hold_that_was_paid_for_is_taken_again_or_fails_whole() {
    let paid_late = [Fact::Reserve, Fact::TimeUp, Fact::Confirm];
    assert_eq!(
        run(&paid_late, World::with_stock(3, 4)).reservation.state,
        ReservationState::Committed
    );

    let sold_out = [Fact::Reserve, Fact::TimeUp, Fact::Rival(1), Fact::Confirm, Fact::Confirm];
    let world = run(&sold_out, World::with_stock(3, 4));
    assert_eq!(world.reservation.state, ReservationState::CommitFailed { missing: vec![sku("A")] });
    assert_eq!(world.answers.len(), 3, "the failure is said once");
    assert_eq!(world.counters("B").available, 4, "nothing of it is taken");
}

#[test]
fn of_a_late_payment_the_parts_that_are_there_are_sold_and_ship() {
    let mut world = World::with_stock(2, 4);
    let parts = [Demand::from([(sku("A"), 3)]), Demand::from([(sku("B"), 4)])];
    let step = world.reservation.confirm(&parts, &world.shelf);
    let ReservationStep::Answer(moves) = step else { panic!("{step:?}") };
    world.shelf.carry_out(&moves).unwrap();
    assert_eq!(world.reservation.state, ReservationState::CommitFailed { missing: vec![sku("A")] });
    assert_eq!((world.counters("A").available, world.counters("B").committed), (2, 4));
    let [gone, there] = parts;
    let parcel = world.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &gone);
    assert_eq!(parcel, Parcel::Unmatched(sku("A")), "nothing of it was sold");
    assert!(matches!(
        world.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &there),
        Parcel::Left(_)
    ));
}

#[test]
fn a_hold_stands_until_its_time_is_over() {
    let mut world = World::with_stock(3, 4);
    world.deliver(Fact::Reserve);
    let early = start() - jiff::SignedDuration::from_secs(1);
    assert_eq!(world.reservation.time_is(early), ReservationStep::Same);
    assert!(matches!(world.reservation.time_is(start()), ReservationStep::Answer(_)));
}

#[test]
fn a_parcel_cannot_hold_more_than_was_sold() {
    let mut world = World::with_stock(3, 4);
    world.deliver(Fact::Reserve);
    world.deliver(Fact::Confirm);
    let too_many = Demand::from([(sku("A"), 4)]);
    let stranger = Demand::from([(sku("C"), 1)]);
    for wrong in [too_many, stranger] {
        let parcel =
            world.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &wrong);
        assert!(matches!(parcel, Parcel::Unmatched(_)), "{parcel:?}");
    }
    let half = Demand::from([(sku("A"), 2)]);
    assert!(matches!(
        world.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &half),
        Parcel::Left(_)
    ));
    let again = world.reservation.ship(ParcelRef::of(kernel::SellerOrderId::new(), None), &half);
    assert_eq!(again, Parcel::Unmatched(sku("A")), "two seller orders cannot ship one piece");
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        Just(Fact::Reserve),
        Just(Fact::Confirm),
        Just(Fact::Cancel),
        Just(Fact::TimeUp),
        Just(Fact::Ship),
        (1_i64..4).prop_map(Fact::Rival),
    ]
}

proptest! {
    #[test]
    fn no_history_breaks_the_sums(
        facts in prop::collection::vec(fact(), 0..14), a in 0_i64..8, b in 0_i64..8,
    ) {
        let world = run(&facts, World::with_stock(a, b));
        if facts.contains(&Fact::Confirm) {
            let ended = matches!(
                world.reservation.state,
                ReservationState::Committed | ReservationState::CommitFailed { .. }
            );
            prop_assert!(ended, "{:?}", world.reservation.state);
        }
    }
}

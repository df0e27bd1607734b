//! What is taken back, before and after it left, over a shelf that must always add up.

use jiff::Timestamp;
use kernel::{CheckoutId, OrderId, ProductId, VendorId};
use proptest::prelude::*;

use super::super::parcel::ParcelRef;
use super::super::reservation::{Parcel, ReservationStep};
use super::super::shelf::{Shelf, Slot};
use super::super::stock::Counters;
use super::*;

fn sku(text: &str) -> Sku {
    Sku::parse(text).unwrap()
}

fn of(name: &str, quantity: i64) -> Demand {
    Demand::from([(sku(name), quantity)])
}

/// A checkout over ten A and ten B.
struct World {
    reservation: Reservation,
    shelf: Shelf,
}

impl World {
    fn new() -> Self {
        let slot = |name: &str| {
            let counters = Counters { received: 10, available: 10, ..Counters::default() };
            (sku(name), Slot { product_id: ProductId::new(), vendor_id: VendorId::new(), counters })
        };
        Self {
            reservation: Reservation {
                checkout_id: CheckoutId::new(),
                order_id: OrderId::new(),
                state: ReservationState::New,
                lines: Vec::new(),
            },
            shelf: ["A", "B"].map(slot).into_iter().collect(),
        }
    }

    /// Three A and one B are sold.
    fn sold() -> Self {
        let mut world = Self::new();
        let owed = Demand::from([(sku("A"), 3), (sku("B"), 1)]);
        let step = world.reservation.confirm(&[owed], &world.shelf);
        let ReservationStep::Answer(moves) = step else { panic!("{step:?}") };
        world.carry_out(&moves);
        world
    }

    fn carry_out(&mut self, moves: &[Move]) {
        self.shelf.carry_out(moves).expect("only what is there moves");
    }

    fn credit(&mut self, fate: Fate, demand: Demand) -> Credited {
        let back = [(fate, demand)];
        let step = self.reservation.credit(SellerOrderId::new(), CreditId::new(), &back);
        if let Credited::Moved(moves) = &step {
            self.carry_out(moves);
        }
        step
    }

    fn ship(&mut self, contents: &Demand) -> Parcel {
        let parcel = self.reservation.ship(ParcelRef::of(SellerOrderId::new(), None), contents);
        if let Parcel::Left(moves) = &parcel {
            self.carry_out(moves);
        }
        parcel
    }

    /// available, committed, shipped, received of A.
    fn counters(&self) -> [i64; 4] {
        let c = self.shelf.slot(&sku("A")).unwrap().counters;
        assert_eq!(c.available + c.held + c.committed, c.received - c.shipped);
        let line = &self.reservation.lines[0];
        assert_eq!((line.to_ship(), line.out()), (c.committed, c.shipped));
        [c.available, c.committed, c.shipped, c.received]
    }
}

#[test]
fn what_did_not_leave_is_for_sale_again_and_the_parcel_holds_the_rest() {
    let mut world = World::sold();
    assert_eq!(world.counters(), [7, 3, 0, 10]);
    assert!(matches!(world.credit(Fate::Uncommit, of("A", 1)), Credited::Moved(_)));
    assert_eq!(world.counters(), [8, 2, 0, 10]);
    assert_eq!(world.ship(&of("A", 3)), Parcel::Unmatched(sku("A")), "one is not sold any more");
    assert!(matches!(world.ship(&of("A", 2)), Parcel::Left(_)));
    assert_eq!(world.counters(), [8, 0, 2, 10]);
    let rest = world.credit(Fate::Uncommit, of("A", 1));
    assert_eq!(rest, Credited::Unmatched(sku("A")), "what left cannot be put back unseen");
}

#[test]
fn what_left_comes_back_for_sale_or_is_lost() {
    let mut world = World::sold();
    assert_eq!(world.credit(Fate::Restock, of("A", 1)), Credited::TooEarly, "it has not left");
    world.ship(&of("A", 3));
    world.credit(Fate::Restock, of("A", 1));
    assert_eq!(world.counters(), [8, 0, 2, 10]);
    world.credit(Fate::Lose, of("A", 2));
    assert_eq!(world.counters(), [8, 0, 0, 8]);
    for fate in [Fate::Restock, Fate::Lose] {
        assert_eq!(world.credit(fate, of("A", 1)), Credited::Unmatched(sku("A")));
    }
}

#[test]
fn a_credit_moves_all_of_it_or_nothing() {
    let mut world = World::sold();
    let both = Demand::from([(sku("A"), 3), (sku("B"), 2)]);
    assert_eq!(world.credit(Fate::Uncommit, both), Credited::Unmatched(sku("B")));
    assert_eq!(world.counters(), [7, 3, 0, 10]);
    assert_eq!(world.credit(Fate::Uncommit, of("C", 1)), Credited::Unmatched(sku("C")));
}

#[test]
fn nothing_is_invented_for_what_was_never_taken() {
    let mut world = World::new();
    assert_eq!(world.credit(Fate::Uncommit, of("A", 1)), Credited::TooEarly);
    let too_many = of("A", 11);
    let step = world.reservation.confirm(&[too_many.clone(), of("B", 2)], &world.shelf);
    let ReservationStep::Answer(moves) = step else { panic!("{step:?}") };
    world.carry_out(&moves);
    assert_eq!(world.credit(Fate::Uncommit, too_many), Credited::Moved(Vec::new()));
    assert_eq!(world.shelf.available(&sku("A")), 10, "the pieces were gone");
    assert_eq!(world.shelf.available(&sku("B")), 8);
    assert!(
        matches!(world.credit(Fate::Uncommit, of("B", 2)), Credited::Moved(moves) if moves.len() == 1)
    );
    assert_eq!(world.shelf.available(&sku("B")), 10, "what was sold of it all the same comes back");
}

#[test]
fn a_held_reservation_has_nothing_to_take_back() {
    let mut world = World::sold();
    world.reservation.state = ReservationState::Held { until: Timestamp::UNIX_EPOCH };
    assert_eq!(world.credit(Fate::Uncommit, of("A", 1)), Credited::TooEarly);
}

proptest! {
    #[test]
    fn no_history_of_credits_and_parcels_breaks_the_sums(
        steps in prop::collection::vec((0_usize..4, 1_i64..4), 0..20),
    ) {
        let mut world = World::sold();
        for (step, quantity) in steps {
            let contents = of("A", quantity);
            match [Some(Fate::Uncommit), Some(Fate::Restock), Some(Fate::Lose), None][step] {
                Some(fate) => drop(world.credit(fate, contents)),
                None => drop(world.ship(&contents)),
            }
            let [available, committed, shipped, received] = world.counters();
            prop_assert!(available >= 7 && committed >= 0 && shipped >= 0 && received >= 7);
        }
    }
}

//! A reservation as others may hold it against their own rules: of one piece, of which there is one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{CheckoutId, Money, OrderId, ProductId, Sku, VendorId};

use crate::domain::demand::{Demand, Offer, OfferStatus, Wanted};
use crate::domain::reservation::{Reservation, ReservationState, ReservationStep};
use crate::domain::shelf::{Shelf, Slot};
use crate::domain::stock::{Cause, Counters, Kind, Move};

const PRICE: Money = Money::inr(100);
const HOLD: SignedDuration = SignedDuration::from_mins(20);

/// The last piece of a SKU, and the reservation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastPiece {
    sku: Sku,
    reservation: Reservation,
    shelf: Shelf,
}

/// What is said of a reservation, named by its state; nothing where it changed nothing.
pub type Said = Option<&'static str>;

impl LastPiece {
    /// It lies on the shelf, and nobody has asked for it.
    #[must_use]
    pub fn new(sku: Sku) -> Self {
        let counters = Counters { received: 1, available: 1, ..Counters::default() };
        let slot = Slot { product_id: ProductId::new(), vendor_id: VendorId::new(), counters };
        let reservation = Reservation {
            checkout_id: CheckoutId::new(),
            order_id: OrderId::new(),
            state: ReservationState::New,
            lines: Vec::new(),
        };
        Self { shelf: [(sku.clone(), slot)].into_iter().collect(), sku, reservation }
    }

    /// Where its reservation stands.
    pub fn state(&self) -> &'static str {
        (&self.reservation.state).into()
    }

    /// It is asked to be held.
    pub fn reserve(&mut self) -> Said {
        let wanted = Wanted { sku: self.sku.clone(), quantity: 1, expected: PRICE };
        let offer = Offer { price: PRICE, standing: OfferStatus::Sellable };
        let offers = BTreeMap::from([(self.sku.clone(), offer)]);
        let until = Timestamp::UNIX_EPOCH + HOLD;
        let step = self.reservation.reserve(&[wanted], until, &offers, &self.shelf);
        self.settle(step)
    }

    /// Its order is confirmed.
    pub fn confirm(&mut self) -> Said {
        let part = Demand::from([(self.sku.clone(), 1)]);
        let step = self.reservation.confirm(&[part], &self.shelf);
        self.settle(step)
    }

    /// Its order ended.
    pub fn cancel(&mut self) -> Said {
        let step = self.reservation.cancel();
        self.settle(step)
    }

    /// The time of the reservation is over.
    pub fn expire(&mut self) -> Said {
        let step = self.reservation.time_is(Timestamp::UNIX_EPOCH + HOLD);
        self.settle(step)
    }

    /// Somebody else buys it. False when it is not on the shelf.
    pub fn sell_to_a_rival(&mut self) -> bool {
        let cause = Cause::Checkout(CheckoutId::new());
        let taken = [Kind::Hold, Kind::Commit].map(|kind| Move {
            sku: self.sku.clone(),
            kind,
            quantity: 1,
            cause: cause.clone(),
        });
        self.shelf.carry_out(&taken).is_ok()
    }

    fn settle(&mut self, step: ReservationStep) -> Said {
        let ReservationStep::Answer(moves) = step else { return None };
        let carried = self.shelf.carry_out(&moves);
        debug_assert!(carried.is_ok(), "more is moved than there is");
        Some(self.state())
    }
}

//! What is held and sold for a checkout. Facts may come in any order and more than once; each only moves it forward.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{CheckoutId, OrderId, Sku};

use super::demand::{Demand, Offer, Wanted, missing, sum, total, troubles};
use super::shelf::Shelf;
use super::stock::{Cause, Kind, Move};

mod shipped;
mod state;

pub use shipped::Parcel;
pub use state::ReservationState;

/// One SKU of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservationLine {
    pub sku: Sku,
    pub quantity: i64,
    /// How many of them were shipped.
    pub shipped: i64,
    /// How many were taken back before they were shipped.
    pub credited: i64,
    /// How many of those that were shipped came back, or are lost.
    pub returned: i64,
}

/// What is held and sold for one checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    pub checkout_id: CheckoutId,
    pub order_id: OrderId,
    pub state: ReservationState,
    /// What it is about, each SKU once, in order.
    pub lines: Vec<ReservationLine>,
}

/// What came of hearing a fact. A fact cannot be refused, only answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReservationStep {
    /// Move these pieces, keep where it stands, and say so. It may have been said before.
    Answer(Vec<Move>),
    /// Keep where it stands, and say nothing.
    Remember,
    /// Nothing new.
    Same,
}

impl Reservation {
    /// Order-service asks to hold `wanted` until `until`: all of it or nothing.
    pub fn reserve(
        &mut self,
        wanted: &[Wanted],
        until: Timestamp,
        offers: &BTreeMap<Sku, Offer>,
        stock: &Shelf,
    ) -> ReservationStep {
        if self.state != ReservationState::New {
            return ReservationStep::Answer(Vec::new());
        }
        self.want(&sum(wanted.iter().map(|line| (line.sku.clone(), line.quantity))));
        let problems = troubles(wanted, offers, stock);
        if problems.is_empty() {
            self.state = ReservationState::Held { until };
            return ReservationStep::Answer(self.moves(&[Kind::Hold]));
        }
        self.state = ReservationState::Rejected { problems };
        ReservationStep::Answer(Vec::new())
    }

    /// The order is paid for: what is held is sold.
    ///
    /// Whatever else was heard before, what is paid for is owed: if nothing is held, it is taken from the shelf, for each
    /// of `parts` all of it or nothing.
    pub fn confirm(&mut self, parts: &[Demand], stock: &Shelf) -> ReservationStep {
        match self.state {
            ReservationState::Held { .. } => {
                self.state = ReservationState::Committed;
                ReservationStep::Answer(self.moves(&[Kind::Commit]))
            }
            ReservationState::Committed | ReservationState::CommitFailed { .. } => {
                ReservationStep::Same
            }
            ReservationState::New
            | ReservationState::Rejected { .. }
            | ReservationState::Released
            | ReservationState::Expired => self.commit_unheld(parts, stock),
        }
    }

    fn commit_unheld(&mut self, parts: &[Demand], stock: &Shelf) -> ReservationStep {
        let owed = total(parts);
        self.want(&owed);
        let missing = missing(&owed, stock);
        if missing.is_empty() {
            self.state = ReservationState::Committed;
        } else {
            self.forgo(parts, &missing);
            self.state = ReservationState::CommitFailed { missing };
        }
        ReservationStep::Answer(self.moves(&[Kind::Hold, Kind::Commit]))
    }

    /// The order ended without being supplied. Heard before the hold was asked for, it is remembered.
    pub fn cancel(&mut self) -> ReservationStep {
        match self.state {
            ReservationState::New => {
                self.state = ReservationState::Released;
                ReservationStep::Remember
            }
            ReservationState::Held { .. } => {
                self.state = ReservationState::Released;
                ReservationStep::Answer(self.moves(&[Kind::Release]))
            }
            ReservationState::Rejected { .. }
            | ReservationState::Committed
            | ReservationState::CommitFailed { .. }
            | ReservationState::Released
            | ReservationState::Expired => ReservationStep::Same,
        }
    }

    /// Time has passed.
    pub fn time_is(&mut self, now: Timestamp) -> ReservationStep {
        match self.state {
            ReservationState::Held { until } if until <= now => {
                self.state = ReservationState::Expired;
                ReservationStep::Answer(self.moves(&[Kind::Expire]))
            }
            ReservationState::New
            | ReservationState::Held { .. }
            | ReservationState::Rejected { .. }
            | ReservationState::Committed
            | ReservationState::CommitFailed { .. }
            | ReservationState::Released
            | ReservationState::Expired => ReservationStep::Same,
        }
    }

    fn want(&mut self, demand: &Demand) {
        let line = |(sku, quantity): (&Sku, &i64)| ReservationLine {
            sku: sku.clone(),
            quantity: *quantity,
            shipped: 0,
            credited: 0,
            returned: 0,
        };
        self.lines = demand.iter().map(line).collect();
    }

    /// Of parts that lack a SKU, nothing is taken, so nothing is left to ship.
    fn forgo(&mut self, parts: &[Demand], missing: &[Sku]) {
        let lacking = parts.iter().filter(|part| missing.iter().any(|sku| part.contains_key(sku)));
        for sku in lacking.flat_map(Demand::keys) {
            for line in self.lines.iter_mut().filter(|line| &line.sku == sku) {
                line.credited = line.quantity;
            }
        }
    }

    fn moves(&self, kinds: &[Kind]) -> Vec<Move> {
        let one = |kind: Kind| {
            self.lines.iter().filter(|line| line.to_ship() > 0).map(move |line| Move {
                sku: line.sku.clone(),
                kind,
                quantity: line.to_ship(),
                cause: Cause::Checkout(self.checkout_id),
            })
        };
        kinds.iter().copied().flat_map(one).collect()
    }
}

#[cfg(test)]
#[path = "reservation_tests.rs"]
mod tests;

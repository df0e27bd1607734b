//! What was sold and is taken back: where its pieces go.

use kernel::{CreditId, SellerOrderId, Sku};

use super::demand::Demand;
use super::reservation::{Reservation, ReservationLine, ReservationState};
use super::stock::{Cause, Kind, Move};

/// What becomes of pieces that are taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They never left, and are for sale again.
    Uncommit,
    /// They came back, and are for sale again.
    Restock,
    /// They left, and are not sold again.
    Lose,
}

impl Fate {
    const fn kind(self) -> Kind {
        match self {
            Self::Uncommit => Kind::Uncommit,
            Self::Restock => Kind::Restock,
            Self::Lose => Kind::Lose,
        }
    }
}

/// What came of hearing that something is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credited {
    /// These pieces move; none, where none were ever taken.
    Moved(Vec<Move>),
    /// The pieces are not sold yet, or have not left yet: once they are, it will count.
    TooEarly,
    /// It takes more of a SKU back than there is to take back.
    Unmatched(Sku),
}

/// What became of one line.
enum LineStep {
    Done,
    /// Nothing was taken from the shelf for it, so nothing goes back.
    Never,
    TooEarly,
    Unmatched,
}

impl Reservation {
    /// Pieces of a seller order are taken back.
    pub fn credit(
        &mut self,
        seller_order_id: SellerOrderId,
        credit_id: CreditId,
        back: &[(Fate, Demand)],
    ) -> Credited {
        if !self.state.is_sold() {
            return Credited::TooEarly;
        }
        let cause = Cause::Credit(self.checkout_id, seller_order_id, credit_id);
        let mut lines = self.lines.clone();
        match self.take_back(&mut lines, back, &cause) {
            Ok(moves) => {
                self.lines = lines;
                Credited::Moved(moves)
            }
            Err(refused) => refused,
        }
    }

    fn take_back(
        &self,
        lines: &mut [ReservationLine],
        back: &[(Fate, Demand)],
        cause: &Cause,
    ) -> Result<Vec<Move>, Credited> {
        let failed = matches!(self.state, ReservationState::CommitFailed { .. });
        let pieces = back.iter().flat_map(|(fate, demand)| demand.iter().map(|of| (*fate, of)));
        let mut moves = Vec::new();
        for (fate, (sku, quantity)) in pieces {
            let line = lines.iter_mut().find(|line| &line.sku == sku);
            match line.map_or(LineStep::Unmatched, |line| line.credit(fate, *quantity, failed)) {
                LineStep::Done => {}
                LineStep::Never => continue,
                LineStep::TooEarly => return Err(Credited::TooEarly),
                LineStep::Unmatched => return Err(Credited::Unmatched(sku.clone())),
            }
            moves.push(Move::of(sku, fate.kind(), *quantity, cause));
        }
        Ok(moves)
    }
}

impl ReservationLine {
    /// How many are sold and still in the house.
    pub const fn to_ship(&self) -> i64 {
        self.quantity - self.shipped - self.credited
    }

    /// How many left and did not come back.
    const fn out(&self) -> i64 {
        self.shipped - self.returned
    }

    fn credit(&mut self, fate: Fate, quantity: i64, failed: bool) -> LineStep {
        if failed && self.to_ship() + self.shipped == 0 {
            return LineStep::Never;
        }
        self.take_back(fate, quantity)
    }

    fn take_back(&mut self, fate: Fate, quantity: i64) -> LineStep {
        match fate {
            Fate::Uncommit if quantity <= self.to_ship() => {
                self.credited += quantity;
                LineStep::Done
            }
            Fate::Restock | Fate::Lose if quantity <= self.out() => {
                self.returned += quantity;
                LineStep::Done
            }
            // Their parcel was not heard of yet.
            Fate::Restock | Fate::Lose if quantity <= self.out() + self.to_ship() => {
                LineStep::TooEarly
            }
            Fate::Uncommit | Fate::Restock | Fate::Lose => LineStep::Unmatched,
        }
    }
}

#[cfg(test)]
#[path = "credit_tests.rs"]
mod tests;

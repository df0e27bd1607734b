//! A parcel left with what was sold.

use kernel::Sku;

use super::Reservation;
use crate::domain::demand::Demand;
use crate::domain::parcel::ParcelRef;
use crate::domain::stock::{Cause, Kind, Move};

/// What came of hearing that a parcel left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// These pieces left the house.
    Left(Vec<Move>),
    /// The pieces are not sold yet: once they are, it will count.
    Waits,
    /// It holds more of a SKU than was sold and not taken back.
    Unmatched(Sku),
}

impl Reservation {
    /// A parcel with `contents` left.
    pub fn ship(&mut self, parcel: ParcelRef, contents: &Demand) -> Parcel {
        if !self.state.is_sold() {
            return Parcel::Waits;
        }
        let cause = Cause::Parcel(self.checkout_id, parcel);
        let mut lines = self.lines.clone();
        let mut moves = Vec::new();
        for (sku, quantity) in contents {
            let line = lines.iter_mut().find(|line| &line.sku == sku);
            match line.filter(|line| line.to_ship() >= *quantity) {
                Some(line) => line.shipped += quantity,
                None => return Parcel::Unmatched(sku.clone()),
            }
            moves.push(Move::of(sku, Kind::Ship, *quantity, &cause));
        }
        self.lines = lines;
        Parcel::Left(moves)
    }
}

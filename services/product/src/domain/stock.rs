//! How many of a SKU there are and where they are. Every piece received is on the shelf, held, sold or shipped.

use kernel::{CheckoutId, CreditId, Invalid, SellerOrderId, Sku, UserId};
use serde::Deserialize;
use strum::IntoStaticStr;

use super::parcel::ParcelRef;
use super::text::Reason;

/// The five counters of a SKU, or a change of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Came in, less what was written off.
    pub received: i64,
    /// On the shelf.
    pub available: i64,
    /// Held for checkouts.
    pub held: i64,
    /// Sold, not yet shipped.
    pub committed: i64,
    /// On the way or delivered.
    pub shipped: i64,
}

/// How much is left, coarsely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// None.
    Out,
    /// Five or fewer.
    Low,
    /// More.
    In,
}

impl Counters {
    /// With `change` on top; nothing when a counter would fall below zero or cannot count so far.
    pub fn plus(self, change: Self) -> Option<Self> {
        let add = |a: i64, b: i64| a.checked_add(b).filter(|sum| *sum >= 0);
        Some(Self {
            received: add(self.received, change.received)?,
            available: add(self.available, change.available)?,
            held: add(self.held, change.held)?,
            committed: add(self.committed, change.committed)?,
            shipped: add(self.shipped, change.shipped)?,
        })
    }

    /// How much is left.
    pub fn level(self) -> Level {
        match self.available {
            ..=0 => Level::Out,
            1..=5 => Level::Low,
            _ => Level::In,
        }
    }
}

/// What a movement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    /// Pieces came in.
    Receive,
    /// Pieces were written off; the quantity is negative.
    Adjust,
    /// From the shelf, for a checkout.
    Hold,
    /// Back on the shelf, because the order ended.
    Release,
    /// Back on the shelf, because time was over.
    Expire,
    /// What was held is sold.
    Commit,
    /// What was sold left the house.
    Ship,
    /// Back on the shelf, because the sale of what had not left yet is taken back.
    Uncommit,
    /// Back on the shelf, because what had left came back.
    Restock,
    /// What had left will not be sold again.
    Lose,
}

impl Kind {
    /// What moving `n` pieces does to the counters. In every kind the sums on both sides stay equal.
    pub fn change(self, n: i64) -> Counters {
        let none = Counters::default();
        match self {
            Self::Receive | Self::Adjust => Counters { received: n, available: n, ..none },
            Self::Hold => Counters { available: -n, held: n, ..none },
            Self::Release | Self::Expire => Counters { available: n, held: -n, ..none },
            Self::Commit => Counters { held: -n, committed: n, ..none },
            Self::Ship => Counters { committed: -n, shipped: n, ..none },
            Self::Uncommit => Counters { available: n, committed: -n, ..none },
            Self::Restock => Counters { available: n, shipped: -n, ..none },
            Self::Lose => Counters { received: -n, shipped: -n, ..none },
        }
    }
}

/// Why pieces move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The seller counted.
    ByHand {
        /// Why, in the seller's words.
        reason: Reason,
        by: UserId,
    },
    /// A checkout.
    Checkout(CheckoutId),
    /// A parcel of a checkout.
    Parcel(CheckoutId, ParcelRef),
    /// Something of a seller order is taken back.
    Credit(CheckoutId, SellerOrderId, CreditId),
}

/// One move of pieces: a row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub sku: Sku,
    pub kind: Kind,
    /// How many; negative only for [`Kind::Adjust`].
    pub quantity: i64,
    pub cause: Cause,
}

impl Move {
    /// `quantity` pieces of `sku` move because of `cause`.
    pub fn of(sku: &Sku, kind: Kind, quantity: i64, cause: &Cause) -> Self {
        Self { sku: sku.clone(), kind, quantity, cause: cause.clone() }
    }

    /// What it does to the counters.
    pub fn change(&self) -> Counters {
        self.kind.change(self.quantity)
    }
}

/// Pieces that a seller counted in or out: up to a million, not none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Count(i64);

impl Count {
    /// The most that can be written off at once.
    pub const LEAST: i64 = -1_000_000;
    /// The most that can come in at once.
    pub const MOST: i64 = 1_000_000;

    /// The number of pieces, negative when they were written off.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// What a movement of so many is.
    pub const fn kind(self) -> Kind {
        if self.0 > 0 { Kind::Receive } else { Kind::Adjust }
    }
}

impl TryFrom<i64> for Count {
    type Error = Invalid;

    fn try_from(count: i64) -> Result<Self, Invalid> {
        let invalid = |why| Invalid { what: "quantity", why };
        match count {
            0 => Err(invalid("must not be 0")),
            Self::LEAST..=Self::MOST => Ok(Self(count)),
            _ => Err(invalid("must be from -1000000 to 1000000")),
        }
    }
}

#[cfg(test)]
mod tests;

//! How much a buyer may have open at once.

use contracts::cart::PaymentMethod;

/// What a buyer has open, and what did not go well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Orders that are not paid for.
    pub unpaid: i64,
    /// Orders of which parcels are on their way and paid for at the door.
    pub cash: i64,
    /// Parcels that were to be paid for at the door, and were not taken.
    pub turned_away: i64,
}

/// How much of each a buyer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    pub unpaid: u32,
    pub cash: u32,
    pub turned_away: u32,
}

/// Why a buyer may not order now, or not like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    #[error("{most} orders at most may be unpaid at once; pay for one, or cancel it")]
    Unpaid { most: u32 },
    #[error("{most} orders at most may be on their way in cash; wait for one, or pay by UPI")]
    Cash { most: u32 },
    #[error("parcels that were to be paid for in cash were not taken lately; pay by UPI")]
    TurnedAway,
}

impl Most {
    /// What forbids one more order that is paid for by `method`.
    pub fn forbids(&self, standing: Standing, method: PaymentMethod) -> Option<TooMuch> {
        if standing.unpaid >= self.unpaid.into() {
            return Some(TooMuch::Unpaid { most: self.unpaid });
        }
        if method != PaymentMethod::Cod {
            return None;
        }
        if standing.turned_away >= self.turned_away.into() {
            return Some(TooMuch::TurnedAway);
        }
        (standing.cash >= self.cash.into()).then_some(TooMuch::Cash { most: self.cash })
    }
}

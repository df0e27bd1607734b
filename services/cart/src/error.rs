//! Every way the cart says no, and as which problem.

use chassis::idempotency::Reused;
use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};
use kernel::{Money, MoneyError, Sku};

use crate::domain::standing::TooMuch;

/// A line that cannot be bought as it is.
#[derive(Debug)]
pub struct Unbuyable {
    pub sku: Sku,
    /// How many are left, if too few are.
    pub left: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown, or somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Not of this buyer, as far as it was heard: the address book is the user service's.
    #[error("you have no such address; one that was just added is known here within seconds")]
    UnknownAddress,
    #[error("a cart holds 100 different articles at most")]
    Full,
    #[error("none is left of {0}")]
    OutOfStock(Sku),
    #[error("the cart is empty")]
    Empty,
    /// Lines that cannot be bought.
    #[error("some lines cannot be bought as they are; see the cart's flags")]
    Flagged(Vec<Unbuyable>),
    /// The buyer saw another total.
    #[error("the total is {total} now; look at the cart and confirm")]
    TotalDiffers { total: Money },
    /// Beyond what the way to pay takes.
    #[error("{most} at most can be paid this way; take something out, or pay another way")]
    MethodLimit { most: Money },
    /// Below what the way to pay takes.
    #[error("{least} at least can be paid this way; put something in, or pay another way")]
    MethodMinimum { least: Money },
    /// The buyer has as much open as anybody may.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    #[error("the cart changed at the same moment; try again")]
    Busy,
    /// Holding stock without paying for it must not be free.
    #[error("you have checked out many times in a short while; pay for what is open, or wait")]
    TooOften {
        /// Seconds until it may be tried again.
        retry_after_s: u32,
    },
    /// Amounts beyond counting.
    #[error("the amounts do not add up")]
    Money(#[from] MoneyError),
    #[error("the cart could not be reached")]
    Redis(#[from] redis::RedisError),
    #[error("the checkout could not be kept")]
    Db(#[from] sqlx::Error),
    /// What Redis holds makes no sense.
    #[error("a stored line makes no sense")]
    Stored(#[from] serde_json::Error),
    /// The key of an earlier checkout.
    #[error(transparent)]
    Reused(#[from] Reused),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound | Self::UnknownAddress => problem::NOT_FOUND,
            Self::Full => (409, "cart/full", "The cart is full"),
            Self::OutOfStock(_) => (409, "cart/out-of-stock", "Out of stock"),
            Self::Empty => (409, "cart/empty", "The cart is empty"),
            Self::Flagged(_) => (409, "cart/lines-flagged", "Some lines cannot be bought"),
            Self::TotalDiffers { .. } => {
                (409, "cart/price-changed", "The total is another one now")
            }
            Self::MethodLimit { .. } => (409, "cart/method-limit", "Too much for this way to pay"),
            Self::MethodMinimum { .. } => {
                (409, "cart/method-minimum", "Too little for this way to pay")
            }
            Self::TooMuch(TooMuch::Unpaid { .. }) => {
                (409, "cart/unpaid-orders", "Too many unpaid orders")
            }
            Self::TooMuch(TooMuch::Cash { .. } | TooMuch::TurnedAway) => {
                (409, "cart/cash-not-offered", "Cash on delivery is not offered now")
            }
            Self::Busy => (409, "cart/busy", "The cart is being changed"),
            Self::TooOften { .. } => problem::RATE_LIMITED,
            Self::Money(_) => (422, "cart/bad-amount", "The amounts do not add up"),
            Self::Redis(_) => problem::UNAVAILABLE,
            Self::Db(error) => error.explain(),
            Self::Stored(_) => problem::INTERNAL,
            Self::Reused(reused) => reused.explain(),
        }
    }

    fn detail(&self) -> Option<String> {
        // Nobody else's address is told apart by it: it is said of every one that was not heard of.
        (!matches!(self, Self::NotFound)).then(|| self.to_string())
    }

    fn retry_after_s(&self) -> Option<u32> {
        if matches!(self, Self::UnknownAddress) {
            return Some(2);
        }
        if let Self::TooOften { retry_after_s } = self { Some(*retry_after_s) } else { None }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Flagged(lines) = self else { return Vec::new() };
        let field = |line: &Unbuyable| {
            let why = match line.left {
                None => "cannot be bought".to_owned(),
                Some(0) => "none is left".to_owned(),
                Some(left) => format!("not enough are left: {left}"),
            };
            FieldError::at(&format!("/lines/{}", line.sku), why)
        };
        lines.iter().map(field).collect()
    }
}

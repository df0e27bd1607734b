//! What one piece costs.

use kernel::{Currency, Invalid, Money};
use serde::{Deserialize, Serialize};

/// The price of one piece, tax included: more than nothing, in rupees, at most ten crore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Money", into = "Money")]
pub struct Price(Money);

impl Price {
    /// The highest price, in paise.
    pub const MOST_PAISE: i64 = 10_000_000_000;

    /// The amount.
    pub const fn money(self) -> Money {
        self.0
    }
}

impl TryFrom<Money> for Price {
    type Error = Invalid;

    fn try_from(money: Money) -> Result<Self, Invalid> {
        let invalid = |why| Invalid { what: "price", why };
        if money.currency() != Currency::Inr {
            return Err(invalid("must be in INR"));
        }
        match money.minor() {
            1..=Self::MOST_PAISE => Ok(Self(money)),
            ..=0 => Err(invalid("must be more than nothing")),
            _ => Err(invalid("must be at most 10000000000 paise")),
        }
    }
}

impl From<Price> for Money {
    fn from(price: Price) -> Self {
        price.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_more_than_nothing_in_rupees() {
        assert!(Price::try_from(Money::inr(1)).is_ok());
        assert!(Price::try_from(Money::inr(0)).is_err());
        assert!(Price::try_from(Money::inr(-5)).is_err());
        assert!(Price::try_from(Money::inr(i64::MAX)).is_err());
        assert!(Price::try_from(Money::new(100, Currency::Usd)).is_err());
    }
}

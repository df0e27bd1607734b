//! What the provider keeps of a captured payment.

use serde::{Deserialize, Serialize};

/// A fee in minor units. `total` contains `tax`, as in Razorpay's `fee` and `tax`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// All that the provider keeps.
    pub total: i64,
    /// The GST within it.
    pub tax: i64,
}

impl Fee {
    /// What a payment by UPI costs: nothing.
    pub const UPI: Self = Self { total: 0, tax: 0 };

    /// So many basis points of `amount`, and 18 % tax on them.
    pub fn of(amount: i64, basis_points: u16) -> Self {
        let fee = amount.saturating_mul(basis_points.into()) / 10_000;
        let tax = (fee * 18 + 50) / 100;
        Self { total: fee + tax, tax }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_has_its_tax_in_it() {
        assert_eq!(Fee::of(434_500, 200), Fee { total: 10_254, tax: 1_564 });
        assert_eq!(Fee::of(434_500, 0), Fee::UPI);
    }
}

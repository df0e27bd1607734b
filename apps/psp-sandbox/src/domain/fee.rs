//! What the provider keeps of a captured payment.

use serde::{Deserialize, Serialize};

use super::payment::Method;

/// A fee in minor units. `total` contains `tax`, as in Razorpay's `fee` and `tax`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// All that the provider keeps.
    pub total: i64,
    /// The GST within it.
    pub tax: i64,
}

impl Fee {
    /// UPI costs nothing; any other method 2 % and 18 % GST on that, each rounded half up.
    pub fn of(method: Method, amount: i64) -> Self {
        match method {
            Method::Upi => Self { total: 0, tax: 0 },
            Method::Card | Method::Netbanking | Method::Wallet => {
                let base = percent(amount, 2);
                let tax = percent(base, 18);
                Self { total: base + tax, tax }
            }
        }
    }
}

fn percent(amount: i64, rate: i64) -> i64 {
    (amount * rate + 50) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upi_is_free() {
        assert_eq!(Fee::of(Method::Upi, 149_900), Fee { total: 0, tax: 0 });
    }

    #[test]
    fn a_card_costs_two_percent_and_gst_on_it() {
        assert_eq!(Fee::of(Method::Card, 149_900), Fee { total: 3_538, tax: 540 });
        assert_eq!(Fee::of(Method::Wallet, 100), Fee { total: 2, tax: 0 });
        assert_eq!(Fee::of(Method::Netbanking, 1_025), Fee { total: 25, tax: 4 });
    }
}

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
}

//! Money that a buyer has to wait for.

use contracts::payment::{RefundKind, RefundRef};
use kernel::Money;
use serde::{Deserialize, Serialize};

use super::text::one_line;

/// The longest number shown.
const LONGEST: usize = 120;

/// What a buyer gets for an order, and has not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The order's number.
    pub number: String,
    pub amount: Money,
    /// Whether it is ours to give.
    #[serde(default)]
    pub goodwill: bool,
}

impl Owed {
    #[must_use]
    pub fn of(refund: &RefundRef) -> Self {
        let goodwill = refund.kind == RefundKind::Goodwill;
        Self { number: one_line(&refund.order_number, LONGEST), amount: refund.amount, goodwill }
    }

    /// What it is called where it is asked for or late.
    pub fn name(&self) -> String {
        let what = if self.goodwill { "our gift" } else { "your refund" };
        format!("{what} for order {}", self.number)
    }
}

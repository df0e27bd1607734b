//! Money that a buyer's bank takes back, as buyer and sellers are told.

use contracts::payment::{DisputeBearer, DisputeChanged, DisputeState};
use jiff::Timestamp;
use kernel::Money;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::text::one_line;

/// The longest number or reason shown.
const LONGEST: usize = 120;

/// A dispute that began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// The order's number.
    pub number: String,
    pub amount: Money,
    /// What was paid, where the bank asks for a part of it.
    #[serde(default)]
    pub paid: Option<Money>,
    /// Whether all of the order was sold by one seller.
    #[serde(default)]
    pub is_one_sellers: bool,
    /// Until when the bank takes our answer, where it said so.
    pub respond_by: Option<Timestamp>,
    /// Why it asks, in its own word.
    pub reason: Option<String>,
}

impl Disputed {
    /// What the event says of the order with this number.
    #[must_use]
    pub fn of(event: &DisputeChanged, number: &str) -> Self {
        let reason = event.reason_code.as_deref().map(|word| one_line(word, LONGEST));
        Self {
            number: one_line(number, LONGEST),
            amount: event.disputed,
            paid: Some(event.payment.amount).filter(|paid| *paid != event.disputed),
            is_one_sellers: event.vendors.len() == 1,
            respond_by: event.respond_by,
            reason: reason.map(|word| word.replace('_', " ")).filter(|word| !word.is_empty()),
        }
    }
}

impl Disputed {
    /// What the bank asks for, of what `who` paid.
    pub fn subject(&self, bank: &str, paid: &str) -> String {
        let part = if self.paid.is_some() { "a part of " } else { "" };
        format!("{bank} asks back {part}what {paid} for order {}", self.number)
    }
}

/// How a dispute ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Verdict {
    /// The money stays.
    Won,
    /// It is gone, and taken back from the sellers.
    BySellers,
    /// It is gone, and the platform bears that.
    ByPlatform,
}

impl Verdict {
    /// What can be said; nothing as long as it is not decided who bears what was lost.
    #[must_use]
    pub const fn of(event: &DisputeChanged) -> Option<Self> {
        match (event.state, event.bearer) {
            (DisputeState::Won, _) => Some(Self::Won),
            (DisputeState::Lost, Some(DisputeBearer::Sellers)) => Some(Self::BySellers),
            (DisputeState::Lost, Some(DisputeBearer::Platform)) => Some(Self::ByPlatform),
            (DisputeState::Lost, None | Some(DisputeBearer::Unknown))
            | (DisputeState::Open | DisputeState::Unknown, _) => None,
        }
    }
}

//! Money for a seller that waits.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Why a seller is not paid for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Hold {
    /// Its bank account was changed less than a day ago.
    AccountChanged,
    /// It is so large that somebody else looks at it first.
    Large,
    /// The seller may not be paid any more.
    NotApproved,
    /// Staff looked at it, and did not let it go.
    ByStaff,
}

/// Why a payout is held of a seller who may not be paid any more, in payment-service's word.
const NOT_APPROVED: &str = "seller_not_approved";

impl Hold {
    /// What a payout is held for, by the reason that is said with it.
    #[must_use]
    pub fn of(reason: Option<&str>) -> Self {
        if reason == Some(NOT_APPROVED) { Self::NotApproved } else { Self::ByStaff }
    }
}

//! What an order is to meet with at the provider, decided beforehand on the hand-rail.

use serde::{Deserialize, Serialize};

/// How the provider answers a refund, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundAnswer {
    /// Accepted and processed at once.
    Processed,
    /// Accepted; processed or failed when the hand-rail says so.
    Pending,
    /// Accepted, and failed afterwards.
    FailedLater,
    /// Refused for good.
    Refused,
    /// Refused, because the merchant's balance is too low.
    NoBalance,
    /// Not now: the same request is still being worked on.
    Conflict,
    /// Processed, and the answer never arrives.
    TimeoutAfterActing,
}

/// The refunds a plan applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPlan {
    /// The answer.
    pub answer: RefundAnswer,
    /// How many more refunds it answers; all, if nothing is said.
    pub times: Option<u32>,
}

/// What happens to money that comes for an order that is paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Second {
    /// It is never captured and goes back at once.
    #[default]
    AutoRefunded,
    /// It is captured like the first.
    Captured,
}

/// The plan of one order. Without one the provider is kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlan {
    /// How refunds are answered.
    pub refund: Option<RefundPlan>,
    /// What becomes of a second payment.
    #[serde(default)]
    pub second: Second,
    /// What the provider keeps of each payment, in basis points and without the tax on it.
    #[serde(default)]
    pub fee_bp: u16,
}

impl OrderPlan {
    /// How the next refund is answered.
    pub fn refund_answer(&self) -> RefundAnswer {
        self.refund.map_or(RefundAnswer::Processed, |plan| plan.answer)
    }

    /// The plan after one more refund was answered.
    pub fn answered(self) -> Self {
        let refund = self.refund.and_then(|plan| match plan.times {
            None => Some(plan),
            Some(0 | 1) => None,
            Some(times) => Some(RefundPlan { times: Some(times - 1), ..plan }),
        });
        Self { refund, ..self }
    }
}

#[cfg(test)]
mod tests;

//! A webhook: what is told to the merchant, how, and how patiently.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After this the provider stops trying.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The kinds of events the sandbox tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The bank said yes.
    #[serde(rename = "payment.authorized")]
    PaymentAuthorized,
    /// The money is the merchant's.
    #[serde(rename = "payment.captured")]
    PaymentCaptured,
    /// The buyer or the bank said no.
    #[serde(rename = "payment.failed")]
    PaymentFailed,
    /// All of the order was captured.
    #[serde(rename = "order.paid")]
    OrderPaid,
    /// A refund was accepted.
    #[serde(rename = "refund.created")]
    RefundCreated,
    /// A refund reached the buyer.
    #[serde(rename = "refund.processed")]
    RefundProcessed,
    /// A refund could not be carried out.
    #[serde(rename = "refund.failed")]
    RefundFailed,
    /// A refund is slower than asked for.
    #[serde(rename = "refund.speed_changed")]
    RefundSpeedChanged,
    /// The buyer's bank asks for the money back.
    #[serde(rename = "payment.dispute.created")]
    DisputeCreated,
    /// The merchant keeps it.
    #[serde(rename = "payment.dispute.won")]
    DisputeWon,
    /// The bank keeps it.
    #[serde(rename = "payment.dispute.lost")]
    DisputeLost,
    /// A payout is with the seller's bank.
    #[serde(rename = "payout.processed")]
    PayoutProcessed,
    /// A payout could not be carried out.
    #[serde(rename = "payout.failed")]
    PayoutFailed,
    /// The seller's bank sent a payout back.
    #[serde(rename = "payout.reversed")]
    PayoutReversed,
    /// A payout is on its way.
    #[serde(rename = "payout.initiated")]
    PayoutInitiated,
}

impl Event {
    /// The name in the body's `event`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PaymentAuthorized => "payment.authorized",
            Self::PaymentCaptured => "payment.captured",
            Self::PaymentFailed => "payment.failed",
            Self::OrderPaid => "order.paid",
            Self::RefundCreated => "refund.created",
            Self::RefundProcessed => "refund.processed",
            Self::RefundFailed => "refund.failed",
            Self::RefundSpeedChanged => "refund.speed_changed",
            Self::DisputeCreated => "payment.dispute.created",
            Self::DisputeWon => "payment.dispute.won",
            Self::DisputeLost => "payment.dispute.lost",
            Self::PayoutProcessed => "payout.processed",
            Self::PayoutFailed => "payout.failed",
            Self::PayoutReversed => "payout.reversed",
            Self::PayoutInitiated => "payout.initiated",
        }
    }
}

/// Which way a webhook takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Signed with the merchant's secret, tried again until it is accepted.
    Genuine,
    /// Signed with another secret, as a stranger would; not tried again once it was answered.
    Forged,
    /// Never sent.
    Lost,
}

/// In which order the webhooks of one act go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// As things happened.
    AsHappened,
    /// The last first.
    Reversed,
}

/// How the webhooks of one act are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How long they are held back.
    pub delay: SignedDuration,
    /// How often each is delivered.
    pub copies: u32,
    /// In which order.
    pub sequence: Sequence,
    /// Which way.
    pub route: Route,
}

impl Plan {
    /// At once, once each, in order.
    pub fn faithful() -> Self {
        Self {
            delay: SignedDuration::ZERO,
            copies: 1,
            sequence: Sequence::AsHappened,
            route: Route::Genuine,
        }
    }
}

/// One event to deliver. Its bytes are fixed when it happens: every copy and every further
/// attempt carries the same id, body and signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The value of `x-razorpay-event-id`.
    pub id: String,
    /// What happened.
    pub event: Event,
    /// The order it is about.
    pub order_id: String,
    /// The exact body; emptied in memory once nothing is left to deliver.
    pub body: String,
    /// Which way it takes.
    pub route: Route,
    /// How many deliveries are still open.
    pub open: u32,
    /// When it happened.
    pub created_at: Timestamp,
    /// Not to be delivered before.
    pub due_at: Timestamp,
}

impl Webhook {
    /// Whether the provider has lost its patience with the receiver.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now.duration_since(self.due_at) > PATIENCE
    }
}

/// The pause before the next attempt, after `failures` of them: doubling, at most a minute.
pub fn pause(failures: u32) -> Duration {
    let factor = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
    FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses: Vec<_> = (0..9).map(|failures| pause(failures).as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}

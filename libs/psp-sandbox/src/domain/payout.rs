//! A payout: money that goes to somebody whom the merchant owes it, here called a seller.

use jiff::Timestamp;
use kernel::Money;
use serde::{Deserialize, Serialize};

/// How the provider answers payouts to a seller, and what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutAnswer {
    /// Accepted and processed at once.
    #[default]
    Processed,
    /// Accepted; it ends when the hand-rail says so.
    Pending,
    /// Accepted, and failed afterwards.
    Failed,
    /// Processed, and sent back by the seller's bank afterwards.
    Returned,
    /// Refused for good.
    Refused,
    /// The seller has no bank account here.
    NoAccount,
}

/// What the merchant asked for; two equal asks under one key are one payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAsk {
    /// The merchant's account that it is taken from.
    pub account_number: String,
    /// Where it goes.
    pub fund_account_id: String,
    /// How much.
    #[serde(flatten)]
    pub amount: Money,
    /// By which way: `NEFT`, `IMPS` or `RTGS`.
    pub mode: String,
    /// What for.
    pub purpose: String,
    /// The merchant's own name for it.
    pub reference_id: Option<String>,
    /// The value of `X-Payout-Idempotency`.
    pub key: Option<String>,
}

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// Accepted, and not with the seller yet.
    Processing,
    /// With the seller's bank.
    Processed,
    /// It could not be carried out, and never will be.
    Failed,
    /// The seller's bank sent it back.
    Reversed,
}

impl PayoutStatus {
    /// The word the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Processed => "processed",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
        }
    }
}

/// A payout at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// `pout_` and fourteen characters.
    pub id: String,
    /// The request.
    pub ask: PayoutAsk,
    /// Where it stands.
    pub status: PayoutStatus,
    /// Where it stood when its request was answered.
    pub answered: PayoutStatus,
    /// The bank's reference, once it is processed.
    pub utr: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Payout {
    /// As its request was answered, and is answered each time it is sent again.
    pub fn as_answered(&self) -> Self {
        let utr = self.utr.clone().filter(|_| self.answered == PayoutStatus::Processed);
        Self { status: self.answered, utr, ..self.clone() }
    }

    /// Why it came to nothing.
    pub fn reason(&self) -> Option<&'static str> {
        match self.status {
            PayoutStatus::Processing | PayoutStatus::Processed => None,
            PayoutStatus::Failed => Some("beneficiary_bank_offline"),
            PayoutStatus::Reversed => Some("beneficiary_account_closed"),
        }
    }
}

/// The part of a contact's and a fund account's id that names the seller: its reference, letters and digits.
pub fn seller(reference: &str) -> String {
    reference.chars().filter(char::is_ascii_alphanumeric).take(48).collect()
}

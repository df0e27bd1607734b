//! A refund, and the request that an idempotency key stands for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::refused::Refused;

/// How fast the money should go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speed {
    /// In some working days.
    Normal,
    /// At once where the bank can.
    Optimum,
}

/// What the merchant asked for; two equal asks under one key are one refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAsk {
    /// The payment to give back from.
    pub payment_id: String,
    /// How much, or all that is left.
    pub amount: Option<i64>,
    /// How fast.
    pub speed: Speed,
    /// The merchant's own name for the refund.
    pub receipt: Option<String>,
    /// The merchant's own words on it.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    /// The value of `X-Refund-Idempotency`.
    pub key: Option<String>,
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Accepted, and not with the buyer yet.
    Pending,
    /// With the buyer.
    #[default]
    Processed,
    /// It could not be carried out, and never will be.
    Failed,
}

impl RefundStatus {
    /// The word the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processed => "processed",
            Self::Failed => "failed",
        }
    }
}

/// A refund at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `rfnd_` and fourteen characters.
    pub id: String,
    /// The order the payment was for.
    pub order_id: String,
    /// What went back, in minor units.
    pub amount: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// The request.
    pub ask: RefundAsk,
    /// The bank's reference, once it is processed.
    pub arn: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub status: RefundStatus,
    /// Where it stood when its request was answered.
    #[serde(default)]
    pub answered: RefundStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the buyer had it, if that was later.
    #[serde(default)]
    pub processed_at: Option<Timestamp>,
}

impl Refund {
    /// As its request was answered, and is answered each time it is sent again.
    pub fn as_answered(&self) -> Self {
        let arn = self.arn.clone().filter(|_| self.answered == RefundStatus::Processed);
        Self { status: self.answered, arn, ..self.clone() }
    }

    /// The buyer has the money, under the bank's reference `arn`.
    pub fn process(&self, arn: String, now: Timestamp) -> Result<Self, Refused> {
        self.check_pending()?;
        let processed_at = Some(now);
        let status = RefundStatus::Processed;
        Ok(Self { status, arn: Some(arn), processed_at, ..self.clone() })
    }

    /// The buyer's bank does not take it.
    pub fn fail(&self) -> Result<Self, Refused> {
        self.check_pending()?;
        Ok(Self { status: RefundStatus::Failed, ..self.clone() })
    }

    fn check_pending(&self) -> Result<(), Refused> {
        match self.status {
            RefundStatus::Pending => Ok(()),
            RefundStatus::Processed | RefundStatus::Failed => Err(Refused::RefundSettled),
        }
    }
}

/// Takes notes as Razorpay does: 15 at most, names of up to 255 characters, values of up to 512.
pub fn check_notes(notes: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refused> {
    let fits = |(name, value): (&String, &String)| {
        name.chars().count() <= 255 && value.chars().count() <= 512
    };
    if notes.len() > 15 || !notes.iter().all(fits) {
        return Err(Refused::input("notes", "Notes validation failed."));
    }
    Ok(notes)
}

/// Takes a key of at least ten letters, digits, underscores and hyphens.
pub fn check_key(key: &str) -> Result<String, Refused> {
    let fits = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !fits || !(10..=255).contains(&key.len()) {
        return Err(Refused::input(
            "X-Refund-Idempotency",
            "The idempotency key must be 10 to 255 letters, digits, hyphens or underscores",
        ));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_at_least_ten_plain_characters() {
        assert!(check_key("refund_1-2").is_ok());
        for bad in ["", "refund-12", "refund 1234", "refund-१२३४"] {
            assert!(check_key(bad).is_err(), "{bad}");
        }
    }
}

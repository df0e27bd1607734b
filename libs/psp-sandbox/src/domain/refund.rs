//! A refund, and the request that an idempotency key stands for.

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
    /// The value of `X-Refund-Idempotency`.
    pub key: Option<String>,
}

/// A refund at the provider. The sandbox processes each one at once.
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
    /// The bank's reference.
    pub arn: String,
    /// When it was made.
    pub created_at: Timestamp,
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

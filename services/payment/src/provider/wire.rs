//! The provider's entities, as far as we need them.

use kernel::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

use super::ProviderError;
use crate::domain::progress::{Seen, Sighting};
use crate::domain::refund::{RefundSeen, RefundSighting};

const LONGEST_ID: usize = 64;
const LONGEST_REASON: usize = 100;
/// Why an attempt came to nothing whose money the provider gave back by itself.
const GIVEN_BACK: &str = "given_back_by_provider";

/// An order entity.
#[derive(Debug, Deserialize)]
pub struct Order {
    pub id: String,
    pub amount: i64,
    pub currency: Currency,
    pub receipt: Option<String>,
    pub status: String,
}

/// A payment that was begun.
#[derive(Debug, Deserialize)]
pub struct Begun {
    pub razorpay_payment_id: String,
    pub link: String,
}

/// A payment entity. What has happened to it is said by its status, or by the event it comes in.
#[derive(Debug, Deserialize)]
pub struct Payment {
    pub id: String,
    pub order_id: Option<String>,
    pub amount: i64,
    pub currency: Currency,
    pub status: Option<String>,
    /// Whether its money ever came here.
    pub captured: Option<bool>,
    pub error_reason: Option<String>,
}

/// A refund entity. What has happened to it is said by its status, or by the event it comes in.
#[derive(Debug, Deserialize)]
pub struct Refund {
    pub id: String,
    pub payment_id: String,
    pub amount: i64,
    pub currency: Currency,
    pub receipt: Option<String>,
    pub status: Option<String>,
    /// The bank's number for the transfer, as `arn`, `rrn` or `utr`; without any it is `null`, `{}` or `[]`.
    #[serde(default)]
    pub acquirer_data: Value,
}

/// A list.
#[derive(Debug, Deserialize)]
pub struct Collection<T> {
    pub items: Vec<T>,
}

/// An error.
#[derive(Debug, Default, Deserialize)]
pub struct Failure {
    #[serde(default)]
    pub error: Reason,
}

/// The reason of an error.
#[derive(Debug, Default, Deserialize)]
pub struct Reason {
    #[serde(default)]
    pub code: String,
    /// Its sentence for people. The code is the same for most refusals: what they mean is said here only.
    #[serde(default)]
    pub description: String,
}

impl Reason {
    /// What a refusal with this status means.
    pub fn refusal(self, status: u16) -> ProviderError {
        let says = |words| self.description.to_ascii_lowercase().contains(words);
        if says("not have enough balance") {
            ProviderError::NoBalance
        } else if says("is in progress") {
            // As busy as with 409.
            ProviderError::Status(status)
        } else {
            ProviderError::Refused { status, code: id(self.code).unwrap_or_default() }
        }
    }
}

/// An id is kept, logged and put into URLs.
pub fn id(id: String) -> Result<String, ProviderError> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain && (1..=LONGEST_ID).contains(&id.len()) {
        Ok(id)
    } else {
        Err(ProviderError::Unreadable("an id has characters that no id has"))
    }
}

impl Payment {
    /// The sighting that its own status stands for.
    pub fn sighting(self) -> Result<Sighting, ProviderError> {
        let seen = match self.status.as_deref() {
            Some("created" | "authorized") => Seen::Waiting,
            Some("failed") => Seen::Failed(self.reason()),
            // The bank's yes came so late that the provider gave the money back by itself: it was never here.
            Some("refunded") if self.captured == Some(false) => Seen::Failed(GIVEN_BACK.to_owned()),
            // What went back afterwards came here all the same.
            Some("captured" | "refunded") => Seen::Captured,
            Some(_) | None => return Err(ProviderError::Unreadable("a payment has an odd status")),
        };
        self.seen(seen)
    }

    /// Why it failed, in the provider's word.
    pub fn reason(&self) -> String {
        let word = |reason: &&String| {
            reason.len() <= LONGEST_REASON
                && reason.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        self.error_reason.as_ref().filter(word).cloned().unwrap_or_else(|| "unknown".to_owned())
    }

    /// The sighting of it as `seen`.
    pub fn seen(self, seen: Seen) -> Result<Sighting, ProviderError> {
        if self.amount < 0 {
            return Err(ProviderError::Unreadable("a payment is less than nothing"));
        }
        let amount = Money::new(self.amount, self.currency);
        Ok(Sighting { provider_payment_id: id(self.id)?, amount, seen })
    }
}

impl Refund {
    /// The sighting that its own status stands for.
    pub fn sighting(self) -> Result<RefundSighting, ProviderError> {
        let seen = match self.status.as_deref() {
            Some("pending") => RefundSeen::Pending,
            Some("processed") => RefundSeen::Processed,
            Some("failed") => RefundSeen::Failed,
            Some(_) | None => return Err(ProviderError::Unreadable("a refund has an odd status")),
        };
        self.seen(seen)
    }

    /// The sighting of it as `seen`.
    pub fn seen(self, seen: RefundSeen) -> Result<RefundSighting, ProviderError> {
        if self.amount <= 0 {
            return Err(ProviderError::Unreadable("a refund is of nothing"));
        }
        let bank_reference = self.bank_reference();
        Ok(RefundSighting {
            provider_refund_id: id(self.id)?,
            provider_payment_id: id(self.payment_id)?,
            amount: Money::new(self.amount, self.currency),
            key: self.receipt,
            seen,
            bank_reference,
        })
    }

    fn bank_reference(&self) -> Option<String> {
        let named = ["arn", "rrn", "utr"].into_iter();
        let texts = named.filter_map(|name| self.acquirer_data.get(name)?.as_str());
        // Shown to people, so it has to look like one.
        let mut fitting = texts.filter(|text| {
            (1..=LONGEST_ID).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        fitting.next().map(str::to_owned)
    }
}

//! The provider's entities, as far as we need them.

use jiff::Timestamp;
use kernel::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::dispute::{DisputeSighting, State};
use crate::domain::progress::{Seen, Sighting};
use crate::domain::refund::{RefundSeen, RefundSighting};
use crate::provider::{LONGEST_ID, ProviderError, id};

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
    /// How much of it went back.
    pub amount_refunded: Option<i64>,
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

/// A dispute entity. Where it stands is said by the event it comes in.
#[derive(Debug, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub payment_id: String,
    pub amount: i64,
    pub currency: Currency,
    /// How much of it the bank took for good.
    pub amount_deducted: Option<i64>,
    /// In seconds since 1970.
    #[serde(default)]
    pub respond_by: Option<i64>,
    /// Why the bank asks.
    #[serde(default)]
    pub reason_code: Option<String>,
}

/// Whether a reason can be shown: a word of the provider's, not somebody's text.
fn is_word(reason: &str) -> bool {
    reason.len() <= LONGEST_REASON && reason.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl Dispute {
    /// How it ended, where only that it did is told: some ask for papers, and no money moves.
    pub fn end(&self) -> State {
        if self.amount_deducted.is_some_and(|amount| amount > 0) { State::Lost } else { State::Won }
    }

    /// The sighting of it as `seen`.
    pub fn seen(self, seen: State) -> Result<DisputeSighting, ProviderError> {
        if self.amount <= 0 {
            return Err(ProviderError::Unreadable("a dispute is about nothing"));
        }
        let reason_code = self.reason_code.filter(|reason| !reason.is_empty() && is_word(reason));
        Ok(DisputeSighting {
            provider_dispute_id: id(self.id)?,
            provider_payment_id: id(self.payment_id)?,
            amount: Money::new(self.amount, self.currency),
            seen,
            // Where it makes no sense, it is not known.
            respond_by: self.respond_by.and_then(|second| Timestamp::from_second(second).ok()),
            reason_code,
        })
    }
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
    /// Its word for the reason, where it has one.
    #[serde(default, rename = "reason")]
    pub word: Value,
}

impl Reason {
    /// What a refusal with this status means.
    pub fn refusal(self, status: u16) -> ProviderError {
        let says = |words| self.description.to_ascii_lowercase().contains(words);
        let word = self.word.as_str().unwrap_or_default();
        if says("not have enough balance") || word == "insufficient_balance" {
            ProviderError::NoBalance
        } else if says("in progress") || ["SERVER_ERROR", "GATEWAY_ERROR"].contains(&&*self.code) {
            // As busy as with 409 or 5xx: whether it acted is not known.
            ProviderError::Status(status)
        } else {
            ProviderError::Refused { status, code: id(self.code).unwrap_or_default() }
        }
    }
}

impl Payment {
    /// Whether some of what came here went back.
    pub fn has_gone_back(&self) -> bool {
        self.captured != Some(false) && self.amount_refunded.is_some_and(|amount| amount > 0)
    }

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
        let word = self.error_reason.as_ref().filter(|reason| is_word(reason));
        word.cloned().unwrap_or_else(|| "unknown".to_owned())
    }

    /// The sighting of it as `seen`.
    pub fn seen(self, seen: Seen) -> Result<Sighting, ProviderError> {
        if self.amount <= 0 {
            return Err(ProviderError::Unreadable("a payment is of nothing"));
        }
        let amount = Money::new(self.amount, self.currency);
        Ok(Sighting { provider_payment_id: id(self.id)?, amount, seen, went_back: Vec::new() })
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

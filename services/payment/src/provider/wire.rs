//! The provider's entities, as far as we need them.

use kernel::{Currency, Money};
use serde::Deserialize;

use super::ProviderError;
use crate::domain::progress::{Seen, Sighting};

const LONGEST_ID: usize = 64;
const LONGEST_REASON: usize = 100;

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
    pub error_reason: Option<String>,
}

/// A list.
#[derive(Debug, Deserialize)]
pub struct Collection {
    pub items: Vec<Payment>,
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
    /// The sighting that its own status stands for; `None` for one that was paid back.
    pub fn sighting(self) -> Result<Option<Sighting>, ProviderError> {
        let seen = match self.status.as_deref() {
            Some("created" | "authorized") => Seen::Waiting,
            Some("failed") => Seen::Failed(self.reason()),
            Some("captured") => Seen::Captured,
            Some("refunded") => {
                tracing::warn!(
                    provider.payment = self.id,
                    "a payment was paid back by somebody else"
                );
                return Ok(None);
            }
            Some(_) | None => return Err(ProviderError::Unreadable("a payment has an odd status")),
        };
        self.seen(seen).map(Some)
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

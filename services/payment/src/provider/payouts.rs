//! The way to whoever pays sellers. Their bank accounts are known there, each under the seller's id (ADR 25): they never
//! come here.

use std::fmt::Debug;

use async_trait::async_trait;
use kernel::{Currency, Money, VendorId};
use serde::Deserialize;

use super::{ProviderError, wire};
use crate::domain::payout::{PayoutSeen, PayoutSighting};

const LONGEST_REASON: usize = 100;
/// What a refusal says when a seller has no bank account at the provider.
pub const NO_ACCOUNT: &str = "no_bank_account";

/// What a seller is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutAsk {
    pub vendor_id: VendorId,
    pub amount: Money,
    /// Our unique name for it: asking twice is asking once.
    pub key: String,
}

/// Pays sellers.
#[async_trait]
pub trait Payouts: Debug + Send + Sync {
    /// Pays, or finds what was paid under the same name before.
    async fn pay(&self, ask: &PayoutAsk) -> Result<PayoutSighting, ProviderError>;

    /// The payout of this name of ours, if it is there.
    async fn find_payout(&self, key: &str) -> Result<Option<PayoutSighting>, ProviderError>;
}

/// A payout entity. What has happened to it is said by its status, or by the event it comes in.
#[derive(Debug, Deserialize)]
pub struct Entity {
    id: String,
    amount: i64,
    currency: Currency,
    status: Option<String>,
    reference_id: Option<String>,
    utr: Option<String>,
    #[serde(default)]
    status_details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    reason: Option<String>,
}

impl Entity {
    /// The sighting that its own status stands for.
    pub fn sighting(self) -> Result<PayoutSighting, ProviderError> {
        let seen = match self.status.as_deref() {
            Some("queued" | "pending" | "scheduled" | "processing") => PayoutSeen::Underway,
            Some("processed") => PayoutSeen::Paid,
            Some("rejected" | "cancelled" | "failed") => PayoutSeen::Failed,
            Some("reversed") => PayoutSeen::Returned,
            Some(_) | None => return Err(ProviderError::Unreadable("a payout has an odd status")),
        };
        self.seen(seen)
    }

    /// The sighting of it as `seen`.
    pub fn seen(self, seen: PayoutSeen) -> Result<PayoutSighting, ProviderError> {
        if self.amount <= 0 {
            return Err(ProviderError::Unreadable("a payout is of nothing"));
        }
        let reason = self.status_details.and_then(|details| details.reason);
        Ok(PayoutSighting {
            provider_payout_id: wire::id(self.id)?,
            amount: Money::new(self.amount, self.currency),
            key: self.reference_id,
            seen,
            // Shown to people, so it has to look like one.
            bank_reference: self.utr.and_then(|utr| wire::id(utr).ok()),
            reason: reason.filter(|word| is_word(word)),
        })
    }
}

fn is_word(text: &str) -> bool {
    (1..=LONGEST_REASON).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

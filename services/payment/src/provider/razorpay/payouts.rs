//! Payouts as the provider makes them: to a fund account of a contact, which is known there by the seller's id.

use async_trait::async_trait;
use kernel::{Currency, Money, VendorId};
use serde::Deserialize;
use serde_json::json;

use super::{Razorpay, wire};
use crate::domain::payout::{PayoutSeen, PayoutSighting};
use crate::provider::payouts::{NO_ACCOUNT, PayoutAsk, Payouts};
use crate::provider::{ProviderError, id};

const LONGEST_REASON: usize = 100;

/// A contact, or a fund account of one.
#[derive(Debug, Deserialize)]
struct Known {
    id: String,
    #[serde(default)]
    active: bool,
}

#[async_trait]
impl Payouts for Razorpay {
    async fn pay(&self, ask: &PayoutAsk) -> Result<PayoutSighting, ProviderError> {
        let fund_account = self.fund_account(ask.vendor_id).await?;
        let body = json!({
            "account_number": self.payout_account, "fund_account_id": fund_account,
            "amount": ask.amount.minor(), "currency": ask.amount.currency(), "mode": "NEFT", "purpose": "payout",
            "queue_if_low_balance": true, "reference_id": ask.key,
        });
        let request = self.post("payouts", &body).header("X-Payout-Idempotency", &ask.key);
        let paid = self.ask::<Entity>(request).await?.sighting()?;
        if paid.amount != ask.amount || paid.key.as_ref().is_some_and(|key| *key != ask.key) {
            return Err(ProviderError::Unreadable("it is another payout than was asked for"));
        }
        Ok(PayoutSighting { key: Some(ask.key.clone()), ..paid })
    }

    async fn find_payout(&self, key: &str) -> Result<Option<PayoutSighting>, ProviderError> {
        let account = &self.payout_account;
        let path = format!("payouts?account_number={account}&reference_id={key}");
        let all: wire::Collection<Entity> = self.ask(self.get(&path)).await?;
        for payout in all.items {
            let sighting = payout.sighting()?;
            if sighting.key.as_deref() == Some(key) {
                return Ok(Some(sighting));
            }
        }
        Ok(None)
    }
}

impl Razorpay {
    /// Where the provider pays a seller.
    async fn fund_account(&self, vendor: VendorId) -> Result<String, ProviderError> {
        let contact = self.find_active(&format!("contacts?reference_id={vendor}")).await?;
        self.find_active(&format!("fund_accounts?contact_id={contact}")).await
    }

    async fn find_active(&self, path: &str) -> Result<String, ProviderError> {
        let all: wire::Collection<Known> = self.ask(self.get(path)).await?;
        let found = all.items.into_iter().find(|known| known.active);
        let code = NO_ACCOUNT.to_owned();
        id(found.ok_or(ProviderError::Refused { status: 404, code })?.id)
    }
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
            provider_payout_id: id(self.id)?,
            amount: Money::new(self.amount, self.currency),
            key: self.reference_id,
            seen,
            // Shown to people, so it has to look like one.
            bank_reference: self.utr.and_then(|utr| id(utr).ok()),
            reason: reason.filter(|word| is_word(word)),
        })
    }
}

fn is_word(text: &str) -> bool {
    (1..=LONGEST_REASON).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

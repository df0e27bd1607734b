//! Razorpay's API over HTTPS, or a sandbox that speaks it.

mod payouts;
mod settlements;

use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use kernel::{Vpa, upi};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Ask, Begun, GiveBack, Provider, ProviderError, ProviderOrder, wire};
use crate::config::Config;
use crate::domain::progress::Sighting;
use crate::domain::refund::{RefundSeen, RefundSighting, read_key};

const TIMEOUT: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 1 << 20;
const LONGEST_LINK: usize = 2_000;

/// Razorpay.
pub struct Razorpay {
    client: Client,
    url: String,
    key_id: String,
    key_secret: SecretString,
    payee: Vpa,
    payee_name: String,
    email: String,
    contact: String,
    referer: String,
    payout_account: String,
}

impl fmt::Debug for Razorpay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Razorpay").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Razorpay {
    /// The API that `config` names. Nothing is asked yet.
    pub fn try_new(config: &Config, public_url: &str) -> anyhow::Result<Self> {
        Self::with_timeout(config, public_url, TIMEOUT)
    }

    fn with_timeout(config: &Config, public_url: &str, timeout: Duration) -> anyhow::Result<Self> {
        let url = config.razorpay_url.trim_end_matches('/').to_owned();
        let parsed = Url::parse(&url).context("PAYMENT__RAZORPAY_URL is not a URL")?;
        anyhow::ensure!(
            matches!(parsed.scheme(), "http" | "https"),
            "PAYMENT__RAZORPAY_URL is neither http nor https"
        );
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).timeout(timeout).build()?;
        Ok(Self {
            client,
            url,
            key_id: config.razorpay_key_id.clone(),
            key_secret: config.razorpay_key_secret.clone(),
            payee: config.upi_payee_vpa.clone(),
            payee_name: config.upi_payee_name.clone(),
            email: config.contact_email.clone(),
            contact: config.contact_phone.clone(),
            referer: public_url.to_owned(),
            payout_account: wire::id(config.payout_account.clone())
                .context("PAYMENT__PAYOUT_ACCOUNT is not letters and digits")?,
        })
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}/v1/{path}", self.url))
    }

    fn post(&self, path: &str, body: &serde_json::Value) -> RequestBuilder {
        self.client.post(format!("{}/v1/{path}", self.url)).json(body)
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ProviderError> {
        let request = request.basic_auth(&self.key_id, Some(self.key_secret.expose_secret()));
        let answer = request.send().await.map_err(away)?;
        let status = answer.status();
        if status == StatusCode::BAD_REQUEST || status == StatusCode::UNPROCESSABLE_ENTITY {
            let body = read(answer).await?;
            let failure: wire::Failure = serde_json::from_slice(&body).unwrap_or_default();
            return Err(failure.error.refusal(status.as_u16()));
        }
        if !status.is_success() {
            return Err(ProviderError::Status(status.as_u16()));
        }
        let body = read(answer).await?;
        serde_json::from_slice(&body)
            .map_err(|_| ProviderError::Unreadable("it is not the JSON that was expected"))
    }

    /// What somebody else gave back of a capture.
    async fn foreign(&self, seen: &Sighting) -> Result<Vec<RefundSighting>, ProviderError> {
        let all = self.refunds(&seen.provider_payment_id).await?.into_iter();
        let foreign = |back: &RefundSighting| {
            back.seen != RefundSeen::Failed
                && back.provider_payment_id == seen.provider_payment_id
                && back.key.as_deref().and_then(read_key).is_none()
        };
        Ok(all.filter(foreign).collect())
    }

    /// A link is shown to buyers, so it has to pay the right one the right amount.
    fn check_link(&self, link: &str, ask: &Ask) -> Result<(), ProviderError> {
        if link.len() > LONGEST_LINK || link.contains(|c: char| c.is_control() || c.is_whitespace())
        {
            return Err(ProviderError::Unreadable("the link is not one line"));
        }
        let read =
            upi::parse(link).map_err(|_| ProviderError::Unreadable("the link is no UPI link"))?;
        if read.payee != self.payee {
            return Err(ProviderError::Unreadable("the link pays somebody else"));
        }
        if read.amount != Some(ask.amount) {
            return Err(ProviderError::Unreadable("the link pays another amount"));
        }
        Ok(())
    }
}

#[async_trait]
impl Provider for Razorpay {
    async fn open_order(&self, ask: &Ask) -> Result<ProviderOrder, ProviderError> {
        let body = json!({
            "amount": ask.amount.minor(), "currency": ask.amount.currency(), "receipt": ask.receipt,
            "payment_capture": true, "unique_receipt": true,
        });
        let order: wire::Order = self.ask(self.post("orders", &body)).await?;
        let same = order.amount == ask.amount.minor()
            && order.currency == ask.amount.currency()
            && order.receipt.as_deref() == Some(&*ask.receipt);
        if !same {
            return Err(ProviderError::Unreadable("it is another order than was asked for"));
        }
        Ok(ProviderOrder { id: wire::id(order.id)?, paid: order.status == "paid" })
    }

    async fn begin_upi(&self, order_id: &str, ask: &Ask) -> Result<Begun, ProviderError> {
        // The provider insists on a payer's origin; the buyer's own is none of its business.
        let body = json!({
            "amount": ask.amount.minor(), "currency": ask.amount.currency(), "order_id": order_id,
            "method": "upi", "upi": {"flow": "intent"}, "email": self.email, "contact": self.contact,
            "description": format!("{} {}", self.payee_name, ask.order_number),
            "ip": "127.0.0.1", "referer": self.referer, "user_agent": "Mall",
        });
        let begun: wire::Begun = self.ask(self.post("payments/create/upi", &body)).await?;
        self.check_link(&begun.link, ask)?;
        Ok(Begun { provider_payment_id: wire::id(begun.razorpay_payment_id)?, link: begun.link })
    }

    async fn attempts(&self, order_id: &str) -> Result<Vec<Sighting>, ProviderError> {
        let path = format!("orders/{order_id}/payments");
        let all: wire::Collection<wire::Payment> = self.ask(self.get(&path)).await?;
        let mut seen = Vec::with_capacity(all.items.len());
        for payment in all.items {
            if payment.order_id.as_deref() != Some(order_id) {
                return Err(ProviderError::Unreadable("a payment pays something else"));
            }
            let went_back = payment.has_gone_back();
            let sighting = payment.sighting()?;
            let went_back = if went_back { self.foreign(&sighting).await? } else { Vec::new() };
            seen.push(Sighting { went_back, ..sighting });
        }
        Ok(seen)
    }

    async fn refund(&self, back: &GiveBack) -> Result<RefundSighting, ProviderError> {
        // Named twice: by the header for whoever asks again, by the receipt for whoever looks it up.
        let body = json!({"amount": back.amount.minor(), "speed": "normal", "receipt": back.key});
        let path = format!("payments/{}/refund", back.provider_payment_id);
        let request = self.post(&path, &body).header("X-Refund-Idempotency", &back.key);
        let refund = self.ask::<wire::Refund>(request).await?.sighting()?;
        let same = refund.provider_payment_id == back.provider_payment_id
            && refund.amount == back.amount
            && refund.key.as_ref().is_none_or(|receipt| *receipt == back.key);
        if !same {
            return Err(ProviderError::Unreadable("it is another refund than was asked for"));
        }
        Ok(RefundSighting { key: Some(back.key.clone()), ..refund })
    }

    async fn refunds(
        &self,
        provider_payment_id: &str,
    ) -> Result<Vec<RefundSighting>, ProviderError> {
        // Unless more are asked for, it shows ten.
        let path = format!("payments/{provider_payment_id}/refunds?count=100");
        let all: wire::Collection<wire::Refund> = self.ask(self.get(&path)).await?;
        all.items.into_iter().map(wire::Refund::sighting).collect()
    }
}

/// Reads an answer, unless it is too large.
async fn read(mut answer: Response) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(away)? {
        if body.len() + part.len() > LARGEST_ANSWER {
            return Err(ProviderError::Unreadable("it is too large"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn away(error: reqwest::Error) -> ProviderError {
    // The address may hold ids; the log has them elsewhere.
    ProviderError::Away(error.without_url())
}

#[cfg(test)]
mod tests;

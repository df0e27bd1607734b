//! Razorpay's API over HTTPS, or a sandbox that speaks it.

mod payments;
mod payouts;
mod settlements;
mod webhooks;
mod wire;

use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use kernel::Vpa;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use super::settings::Settings;
use super::signature::Secrets;
use super::{ProviderError, id};
pub use webhooks::DOOR;

const TIMEOUT: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 1 << 20;

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
    secrets: Secrets,
    /// Ours there, if it is known.
    account_id: Option<String>,
}

impl fmt::Debug for Razorpay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Razorpay").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Razorpay {
    /// The API that `settings` name. Nothing is asked yet.
    pub fn try_new(settings: &Settings, public_url: &str) -> anyhow::Result<Self> {
        Self::with_timeout(settings, public_url, TIMEOUT)
    }

    fn with_timeout(
        settings: &Settings,
        public_url: &str,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let url = settings.razorpay_url.trim_end_matches('/').to_owned();
        let parsed = Url::parse(&url).context("PAYMENT__RAZORPAY_URL is not a URL")?;
        anyhow::ensure!(
            matches!(parsed.scheme(), "http" | "https"),
            "PAYMENT__RAZORPAY_URL is neither http nor https"
        );
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).timeout(timeout).build()?;
        let secrets =
            Secrets::try_new(&settings.webhook_secret, settings.webhook_secret_previous.as_ref())
                .context("PAYMENT__WEBHOOK_SECRET or PAYMENT__WEBHOOK_SECRET_PREVIOUS")?;
        Ok(Self {
            client,
            url,
            key_id: settings.razorpay_key_id.clone(),
            key_secret: settings.razorpay_key_secret.clone(),
            payee: settings.upi_payee_vpa.clone(),
            payee_name: settings.upi_payee_name.clone(),
            email: settings.contact_email.clone(),
            contact: settings.contact_phone.clone(),
            referer: public_url.to_owned(),
            payout_account: id(settings.payout_account.clone())
                .context("PAYMENT__PAYOUT_ACCOUNT is not letters and digits")?,
            secrets,
            account_id: settings.razorpay_account_id.clone(),
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

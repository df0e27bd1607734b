//! The way to whoever pays sellers: it is told where (ADR 25). What it answers is not trusted.

use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use kernel::VendorId;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::config::Config;
use crate::domain::bank::{AccountNumber, Payee};

const TIMEOUT: Duration = Duration::from_secs(10);
const LONGEST_ID: usize = 100;

/// Why the provider could not be told.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It did not answer in time, or not at all.
    #[error("it did not answer")]
    Away(#[source] reqwest::Error),
    /// It is in trouble, or does not let us in.
    #[error("it answered {0}")]
    Status(u16),
    /// It answered something else than it must.
    #[error("its answer makes no sense: {0}")]
    Unreadable(&'static str),
    /// It knows no such account.
    #[error("it refused")]
    Refused,
}

#[derive(Debug, Deserialize)]
struct Known {
    id: String,
    #[serde(default)]
    active: bool,
}

#[derive(Debug, Deserialize)]
struct Collection {
    items: Vec<Known>,
}

/// Razorpay, or a sandbox that speaks it. A seller is a *contact* there, named by its id, and its account a *fund account*.
pub struct Provider {
    client: Client,
    url: String,
    key_id: String,
    key_secret: SecretString,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Provider {
    /// The API that `config` names. Nothing is asked yet.
    pub fn try_new(config: &Config) -> anyhow::Result<Self> {
        let url = config.razorpay_url.trim_end_matches('/').to_owned();
        let parsed = Url::parse(&url).context("VENDOR__RAZORPAY_URL is not a URL")?;
        let web = ["http", "https"].contains(&parsed.scheme());
        anyhow::ensure!(web, "VENDOR__RAZORPAY_URL is neither http nor https");
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).timeout(TIMEOUT).build()?;
        let (key_id, key_secret) =
            (config.razorpay_key_id.clone(), config.razorpay_key_secret.clone());
        Ok(Self { client, url, key_id, key_secret })
    }

    /// Has sellers' money go to this account, and to no other one of the seller. Any number of times: it is once.
    pub async fn register(
        &self,
        seller: VendorId,
        payee: &Payee,
        number: &AccountNumber,
    ) -> Result<(), ProviderError> {
        let holder = payee.holder.as_str();
        let contact = self.contact(seller, holder).await?;
        let bank = json!({ "name": holder, "ifsc": payee.ifsc.as_str(), "account_number": number.as_str() });
        let account = json!({
            "contact_id": contact, "account_type": "bank_account", "bank_account": bank,
        });
        let made: Known = self.ask(Method::POST, "fund_accounts", Some(&account)).await?;
        let id = checked(made.id)?;
        let all = format!("fund_accounts?contact_id={contact}");
        let all: Collection = self.ask(Method::GET, &all, None).await?;
        // The former ones first: never are two open at a time once this is done.
        for other in all.items.into_iter().filter(|other| other.active && other.id != id) {
            self.open(&checked(other.id)?, false).await?;
        }
        if made.active { Ok(()) } else { self.open(&id, true).await }
    }

    async fn contact(&self, seller: VendorId, holder: &str) -> Result<String, ProviderError> {
        let known: Collection =
            self.ask(Method::GET, &format!("contacts?reference_id={seller}"), None).await?;
        if let Some(known) = known.items.into_iter().find(|known| known.active) {
            return checked(known.id);
        }
        let body = json!({ "name": holder, "type": "vendor", "reference_id": seller });
        let made: Known = self.ask(Method::POST, "contacts", Some(&body)).await?;
        checked(made.id)
    }

    async fn open(&self, account: &str, active: bool) -> Result<(), ProviderError> {
        let (path, body) = (format!("fund_accounts/{account}"), json!({ "active": active }));
        let now: Known = self.ask(Method::PATCH, &path, Some(&body)).await?;
        if now.active == active {
            Ok(())
        } else {
            Err(ProviderError::Unreadable("a fund account did not change"))
        }
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<T, ProviderError> {
        let request = self.client.request(method, format!("{}/v1/{path}", self.url));
        let request = request.basic_auth(&self.key_id, Some(self.key_secret.expose_secret()));
        let request = body.into_iter().fold(request, reqwest::RequestBuilder::json);
        let answer = request.send().await.map_err(away)?;
        match answer.status() {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(ProviderError::Refused)
            }
            status if status.is_success() => answer.json().await.map_err(away),
            status => Err(ProviderError::Status(status.as_u16())),
        }
    }
}

/// Without the address, which may hold ids of sellers.
fn away(error: reqwest::Error) -> ProviderError {
    ProviderError::Away(error.without_url())
}

/// An id goes into the next request's address, so it has to look like one.
fn checked(id: String) -> Result<String, ProviderError> {
    let fits = (1..=LONGEST_ID).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if fits { Ok(id) } else { Err(ProviderError::Unreadable("an id is no id")) }
}

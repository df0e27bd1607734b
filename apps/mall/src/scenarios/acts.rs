//! The provider's hand-rail: what money does when a story tells it to.

use anyhow::Context as _;
use kernel::EventId;
use serde_json::{Value, json};

use super::cast::Cast;
use super::purchase::Purchase;
use crate::client;
use crate::registry;
use crate::reporter::{PATIENCE, until};
use crate::settings::Settings;

/// The sandbox, for one purchase.
#[derive(Debug, Clone)]
pub struct Till {
    http: reqwest::Client,
    sandbox: String,
    order: String,
}

impl Till {
    /// Of what is to be paid.
    #[must_use]
    pub fn of(cast: &Cast, purchase: &Purchase) -> Self {
        let http = reqwest::Client::new();
        let sandbox = format!("{}/sandbox", cast.settings.sandbox);
        Self { http, sandbox, order: purchase.provider_order.clone() }
    }

    /// Money comes: `body` as of `POST /sandbox/orders/{id}/pay`.
    pub async fn pay(&self, body: Value) -> anyhow::Result<()> {
        self.post(&format!("orders/{}/pay", self.order), body).await.map(drop)
    }

    /// So many paise come in place of what was asked for.
    pub async fn pay_amount(&self, paise: i64) -> anyhow::Result<()> {
        self.pay(json!({ "outcome": "captured", "amount": paise })).await
    }

    /// Money comes, and the provider's word of it is lost.
    pub async fn pay_unheard(&self) -> anyhow::Result<()> {
        self.pay(json!({ "outcome": "captured", "webhook": { "lose": true } })).await
    }

    /// How the provider will answer from now on.
    pub async fn plan(&self, plan: Value) -> anyhow::Result<()> {
        self.post(&format!("orders/{}/plan", self.order), plan).await.map(drop)
    }

    /// The bank decides on the one refund that is on its way, once it is.
    pub async fn settle(&self, outcome: &str) -> anyhow::Result<()> {
        let refund = until(PATIENCE, "a refund is on its way", async || {
            let ledger = format!("{}/ledger", self.sandbox);
            let ledger: Value = client::send(self.http.get(ledger)).await?.json().await?;
            let ours = ledger["refunds"].as_array().cloned().unwrap_or_default();
            let ours = ours
                .iter()
                .find(|r| r["order_id"] == *self.order && r["status"] == "pending")
                .and_then(|r| r["refund_id"].as_str());
            Ok(ours.map(str::to_owned))
        })
        .await?;
        let body = json!({ "outcome": outcome });
        self.post(&format!("refunds/{refund}/settle"), body).await.map(drop)
    }

    /// The provider's name for the money that came.
    pub async fn capture(&self) -> anyhow::Result<String> {
        let path = format!("{}/orders/{}", self.sandbox, self.order);
        let seen: Value = client::send(self.http.get(path)).await?.json().await?;
        let payments = seen["payments"].as_array().context("an order without payments")?;
        let capture = payments.iter().find(|payment| payment["status"] == "captured");
        let id = capture.and_then(|payment| payment["id"].as_str());
        Ok(id.context("nothing came")?.to_owned())
    }

    /// The buyer's bank asks all of it back, and keeps it.
    pub async fn lose_dispute(&self) -> anyhow::Result<()> {
        let dispute = self.open_dispute().await?;
        self.decide_dispute(&dispute, "lost").await
    }

    /// The buyer's bank asks all of it back. Returns the provider's name for that.
    pub async fn open_dispute(&self) -> anyhow::Result<String> {
        let capture = self.capture().await?;
        let opened = self.post(&format!("payments/{capture}/dispute"), json!({})).await?;
        Ok(opened["id"].as_str().context("a dispute without a name")?.to_owned())
    }

    /// The bank decides.
    pub async fn decide_dispute(&self, dispute: &str, outcome: &str) -> anyhow::Result<()> {
        let body = json!({ "outcome": outcome });
        self.post(&format!("disputes/{dispute}/decide"), body).await.map(drop)
    }

    /// Somebody with our keys gives so many paise of it back, on the provider's own pages.
    pub async fn give_back_there(&self, settings: &Settings, paise: i64) -> anyhow::Result<()> {
        let variables = registry::variables(&settings.env_dir, "payment")?;
        let key = |half: &str| -> anyhow::Result<String> {
            let wanted = format!("PAYMENT__RAZORPAY_KEY_{half}_FILE");
            let file = variables.iter().find(|(name, _)| *name == wanted);
            let (_, path) = file.with_context(|| format!("{wanted} is not set"))?;
            Ok(std::fs::read_to_string(path)?.trim().to_owned())
        };
        let capture = self.capture().await?;
        let path = format!("{}/v1/payments/{capture}/refund", settings.sandbox);
        let request = self.http.post(&path).basic_auth(key("ID")?, Some(key("SECRET")?));
        // An answer that is lost does not make it two.
        let once = request.header("x-refund-idempotency", EventId::new().to_string());
        let answer = client::send(once.json(&json!({ "amount": paise }))).await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "{path}: {status} {}", answer.text().await?);
        Ok(())
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let path = format!("{}/{path}", self.sandbox);
        let answer = client::send(self.http.post(&path).json(&body)).await?;
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

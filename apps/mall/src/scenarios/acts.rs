//! The provider's hand-rail: what money does when a story tells it to.

use serde_json::{Value, json};

use super::cast::Cast;
use super::purchase::Purchase;
use crate::client;
use crate::reporter::{PATIENCE, until};

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

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let path = format!("{}/{path}", self.sandbox);
        let answer = client::send(self.http.post(&path).json(&body)).await?;
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

//! A return: what buyer, seller and staff say of it.

use anyhow::Context as _;
use reqwest::{Method as Verb, StatusCode};
use serde_json::{Value, json};

use super::purchase::Purchase;
use crate::person::Person;

/// Pieces that a buyer wants to send back.
#[derive(Debug)]
pub struct SentBack<'a> {
    bought: &'a Purchase,
    nth: usize,
    id: String,
}

impl<'a> SentBack<'a> {
    /// The buyer asks to send `quantity` pieces of part `nth` back.
    pub async fn ask(bought: &'a Purchase, nth: usize, quantity: u32) -> anyhow::Result<Self> {
        let part = bought.part(nth).await?;
        let wish = wish(quantity);
        let asked = bought.ask(&format!("parts/{part}/returns"), wish).await?;
        let id = asked["return_id"].as_str().context("no return_id")?.to_owned();
        Ok(Self { bought, nth, id })
    }

    /// The buyer takes a step.
    pub async fn buyer(&self, verb: &str, body: Value) -> anyhow::Result<()> {
        self.bought.ask(&format!("returns/{}/{verb}", self.id), body).await.map(drop)
    }

    /// The seller takes a step.
    pub async fn seller(&self, verb: &str, body: Value) -> anyhow::Result<()> {
        let seller = self.bought.sellers.get(self.nth).context("no such part")?;
        let path = format!("/v1/vendors/{}/returns/{}/{verb}", seller.vendor, self.id);
        seller.person.post(&path, body).await.map(drop)
    }

    /// Staff decide about what the two disagree on.
    pub async fn decide(&self, staff: &Person, outcome: &str) -> anyhow::Result<()> {
        let body = json!({ "outcome": outcome, "words": "The pictures show it." });
        staff.post(&format!("/v1/admin/returns/{}/decide", self.id), body).await.map(drop)
    }

    /// Whether it stands at `status`.
    pub async fn is(&self, status: &str) -> anyhow::Result<()> {
        let path = format!("/v1/orders/{}/returns", self.bought.order);
        let returns = self.bought.buyer.get(&path).await?;
        let items = returns["items"].as_array().context("a list of returns")?;
        let ours = items.iter().find(|item| item["return_id"] == *self.id);
        let is = &ours.context("no such return")?["status"];
        anyhow::ensure!(*is == status, "it is {is}, not {status}");
        Ok(())
    }

    /// It was approved: the buyer sends it, and the seller has it back as `condition` says.
    pub async fn comes_back(&self, condition: &str) -> anyhow::Result<()> {
        self.buyer("sent-back", json!({ "carrier": "India Post" })).await?;
        self.seller("received", json!({ "condition": condition })).await
    }
}

/// The buyer asks for a return of part `nth`, and is told that it is too late.
pub async fn too_late(bought: &Purchase, nth: usize) -> anyhow::Result<()> {
    let part = bought.part(nth).await?;
    let path = format!("/v1/orders/{}/parts/{part}/returns", bought.order);
    let key = kernel::EventId::new().to_string();
    let answer = bought.buyer.send(Verb::POST, &path, Some(wish(1)), Some(&key)).await?;
    let status = answer.status();
    let problem: Value = answer.json().await?;
    let kind = problem["type"].as_str().unwrap_or_default();
    let told = status == StatusCode::CONFLICT && kind.ends_with("order/return-window-over");
    anyhow::ensure!(told, "it answers {status}: {problem}");
    Ok(())
}

/// So many pieces of the first line of a part.
fn wish(quantity: u32) -> Value {
    json!({ "lines": [{ "position": 0, "quantity": quantity }], "reason": "changed_mind" })
}

//! What a buyer did in a story, with the names of everything that came of it.

use anyhow::Context as _;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::cast::{Cast, Item, Seller};
use crate::journey::{Method, buy};
use crate::mailbox::Mailbox;
use crate::person::Person;
use crate::reporter::{PATIENCE, until};

mod basket;
pub use basket::{Basket, Customer};

/// A checkout, and what became of it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// Who buys.
    pub buyer: Person,
    /// The checkout; empty where the till refused.
    pub checkout: String,
    /// The order; empty until somebody asked for it.
    pub order: String,
    /// The payment; empty for cash.
    pub payment: String,
    /// The provider's name for what is to be paid; empty for cash.
    pub provider_order: String,
    /// The sellers of the parts, in order.
    pub sellers: Vec<Seller>,
}

impl Purchase {
    /// Somebody new puts everything into a cart and checks out; by UPI until the link to pay is there.
    pub async fn begin(cast: &Cast, method: Method) -> anyhow::Result<Self> {
        Self::begin_with(cast, &cast.items(), method).await
    }

    /// The same with these things.
    pub async fn begin_with(cast: &Cast, items: &[Item], method: Method) -> anyhow::Result<Self> {
        let basket = Basket::fill(cast, items).await?;
        let (status, answer) = basket.try_check_out(method).await?;
        anyhow::ensure!(status == StatusCode::ACCEPTED, "{status} {answer}");
        basket.ordered(&answer, method).await
    }

    /// Waits until there is an order.
    pub async fn placed(&mut self) -> anyhow::Result<()> {
        self.order = until(PATIENCE, "the order is there", async || {
            let seen = buy::checkout(&self.buyer, &self.checkout).await?;
            Ok(seen["order_id"].as_str().map(str::to_owned))
        })
        .await?;
        Ok(())
    }

    /// Waits until the link to pay is there.
    async fn payable(&mut self) -> anyhow::Result<()> {
        self.payment = buy::payable(&self.buyer, &self.checkout).await?;
        let seen = self.buyer.get(&format!("/v1/payments/{}", self.payment)).await?;
        self.provider_order = seen["provider_order_id"].as_str().context("no id")?.into();
        Ok(())
    }

    /// Waits until the order is confirmed, paying by UPI before.
    pub async fn confirmed(cast: &Cast, method: Method) -> anyhow::Result<Self> {
        Self::confirmed_with(cast, &cast.items(), method).await
    }

    /// The same with these things.
    pub async fn confirmed_with(
        cast: &Cast,
        items: &[Item],
        method: Method,
    ) -> anyhow::Result<Self> {
        let purchase = Self::begin_with(cast, items, method).await?;
        if method == Method::Upi {
            buy::pay(&cast.settings, &purchase.buyer, &purchase.payment).await?;
        }
        purchase.reach("confirmed").await?;
        Ok(purchase)
    }

    /// Waits until the order stands at `status`.
    pub async fn reach(&self, status: &str) -> anyhow::Result<()> {
        buy::reach(&self.buyer, &self.checkout, status).await.map(drop)
    }

    /// Waits until the buyer has a mail with this subject, the order's number left out.
    pub async fn mail(&self, cast: &Cast, subject: &str) -> anyhow::Result<()> {
        let words: Vec<&str> = subject.split(' ').collect();
        let mailbox = Mailbox::new(&cast.settings.mail);
        until(PATIENCE, subject, async || {
            let mails = mailbox.to(&self.buyer.address).await?;
            let ours = |subject: &str| {
                let has: Vec<&str> = subject.split(' ').collect();
                words.iter().all(|word| has.contains(word))
            };
            Ok(mails.iter().any(|mail| ours(&mail.subject)).then_some(()))
        })
        .await
    }

    /// The id of the seller order of part `nth`, counted from 0.
    pub async fn part(&self, nth: usize) -> anyhow::Result<String> {
        let seen = self.buyer.get(&format!("/v1/orders/{}", self.order)).await?;
        let vendor = &self.sellers.get(nth).context("no such part")?.vendor;
        let parts = seen["seller_orders"].as_array().context("an order without parts")?;
        let ours = parts.iter().find(|part| part["vendor_id"] == **vendor);
        let id = ours.and_then(|part| part["seller_order_id"].as_str());
        Ok(id.context("a part is missing")?.to_owned())
    }

    /// The buyer does something to the order or a part of it.
    pub async fn ask(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.buyer.post(&format!("/v1/orders/{}/{path}", self.order), body).await
    }

    /// The seller of part `nth` does something to it.
    pub async fn seller_does(&self, nth: usize, verb: &str, body: Value) -> anyhow::Result<Value> {
        let part = self.part(nth).await?;
        self.seller_does_to(nth, &part, verb, body).await
    }

    /// The same to the seller order `part`, for a story whose buyer cannot look any more.
    pub async fn seller_does_to(
        &self,
        nth: usize,
        part: &str,
        verb: &str,
        body: Value,
    ) -> anyhow::Result<Value> {
        let seller = self.sellers.get(nth).context("no such part")?;
        let path = format!("/v1/vendors/{}/orders/{part}/{verb}", seller.vendor);
        // The same act, however often it is asked for.
        let key = kernel::EventId::new().to_string();
        until(PATIENCE, &format!("{verb} is taken"), async || {
            let (body, key) = (Some(body.clone()), Some(key.as_str()));
            let answer = seller.person.send(reqwest::Method::POST, &path, body, key).await?;
            let status = answer.status();
            // Whoever has to agree may hear of the last step a moment later.
            let early = matches!(status.as_u16(), 404 | 409);
            anyhow::ensure!(status.is_success() || early, "{status} {}", answer.text().await?);
            Ok(if status.is_success() {
                Some(answer.json().await.unwrap_or(Value::Null))
            } else {
                None
            })
        })
        .await
    }

    /// The seller of part `nth` hands it to a carrier.
    pub async fn ship(&self, nth: usize) -> anyhow::Result<()> {
        let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
        self.seller_does(nth, "accept", json!({})).await?;
        self.seller_does(nth, "pack", json!({})).await?;
        self.seller_does(nth, "ship", parcel).await.map(drop)
    }

    /// Part `nth` goes all the way to the buyer's door.
    pub async fn deliver(&self, nth: usize) -> anyhow::Result<()> {
        self.ship(nth).await?;
        self.seller_does(nth, "deliver", json!({})).await.map(drop)
    }
}

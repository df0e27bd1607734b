//! What a buyer did in a story, with the names of everything that came of it.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::cast::{Cast, PARTS, TOTAL};
use crate::journey::{Method, buy};
use crate::person::Person;
use crate::reporter::{PATIENCE, until};

/// A checkout of all three parts, and what became of it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// Who buys.
    pub buyer: Person,
    /// The checkout.
    pub checkout: String,
    /// The order.
    pub order: String,
    /// The payment; empty for cash.
    pub payment: String,
    /// The provider's name for what is to be paid; empty for cash.
    pub provider_order: String,
}

impl Purchase {
    /// Somebody new puts everything into a cart and checks out; by UPI until the link to pay is there.
    pub async fn begin(cast: &Cast, method: Method) -> anyhow::Result<Self> {
        let address = format!("scene-{}@mall.test", kernel::EventId::new().as_uuid().simple());
        let buyer = Person::sign_in(&cast.settings, &address).await?;
        let home = buy::add_address(&buyer).await?;
        let wanted = PARTS.each_ref().map(|part| (part.sku, part.quantity));
        let total = buy::fill_cart(&buyer, &wanted).await?;
        anyhow::ensure!(total["amount"] == TOTAL, "the cart is over {total}");
        let (checkout, _) = buy::check_out(&buyer, &home, method, &total).await?;
        let order = placed(&buyer, &checkout).await?;
        let (mut payment, mut provider_order) = (String::new(), String::new());
        if method == Method::Upi {
            payment = buy::payable(&buyer, &checkout).await?;
            let seen = buyer.get(&format!("/v1/payments/{payment}")).await?;
            provider_order = seen["provider_order_id"].as_str().context("no id")?.into();
        }
        Ok(Self { buyer, checkout, order, payment, provider_order })
    }

    /// Waits until the order is confirmed, paying by UPI before.
    pub async fn confirmed(cast: &Cast, method: Method) -> anyhow::Result<Self> {
        let purchase = Self::begin(cast, method).await?;
        if method == Method::Upi {
            buy::pay(&cast.settings, &purchase.buyer, &purchase.payment).await?;
        }
        buy::reach(&purchase.buyer, &purchase.checkout, "confirmed").await?;
        Ok(purchase)
    }

    /// The order as its buyer sees it.
    pub async fn seen(&self) -> anyhow::Result<Value> {
        self.buyer.get(&format!("/v1/orders/{}", self.order)).await
    }

    /// The id of the seller order of part `nth`, counted from 0.
    pub async fn part(&self, cast: &Cast, nth: usize) -> anyhow::Result<String> {
        let seen = self.seen().await?;
        let vendor = &cast.sellers[nth].vendor;
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
    pub async fn seller_does(
        &self,
        cast: &Cast,
        nth: usize,
        verb: &str,
        body: Value,
    ) -> anyhow::Result<Value> {
        let seller = &cast.sellers[nth];
        let part = self.part(cast, nth).await?;
        let path = format!("/v1/vendors/{}/orders/{part}/{verb}", seller.vendor);
        until(PATIENCE, &format!("{verb} is taken"), async || {
            let answer =
                seller.person.send(reqwest::Method::POST, &path, Some(body.clone()), None).await?;
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

    /// Part `nth` goes all the way to the buyer's door.
    pub async fn deliver(&self, cast: &Cast, nth: usize) -> anyhow::Result<()> {
        let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
        self.seller_does(cast, nth, "accept", json!({})).await?;
        self.seller_does(cast, nth, "pack", json!({})).await?;
        self.seller_does(cast, nth, "ship", parcel).await?;
        self.seller_does(cast, nth, "deliver", json!({})).await.map(drop)
    }
}

async fn placed(buyer: &Person, checkout: &str) -> anyhow::Result<String> {
    until(PATIENCE, "the order is there", async || {
        let seen = buy::checkout(buyer, checkout).await?;
        Ok(seen["order_id"].as_str().map(str::to_owned))
    })
    .await
}

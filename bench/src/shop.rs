//! Buyers at work: each signs in once and then buys, one thing of each of three sellers, as often as asked.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use kernel::EventId;
use mall::person::Person;
use mall::seed::SeededSeller;
use mall::settings::Settings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A buyer with an address, signed in.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// The client.
    pub person: Person,
    address: String,
    skus: Vec<String>,
    sandbox: String,
    http: reqwest::Client,
}

impl Buyer {
    /// Signs in and adds an address.
    pub async fn new(settings: &Settings, sellers: &[SeededSeller]) -> anyhow::Result<Self> {
        let person = Person::sign_in(settings, &e2e::stage::somebody("bench")).await?;
        let address = json!({
            "recipient": "Asha Rao", "phone": "+919876543210", "line1": "12 MG Road",
            "city": "Bengaluru", "state": "29", "pincode": "560001",
        });
        let address = person.post("/v1/me/addresses", address).await?;
        let first = |seller: &SeededSeller| seller.products.first().map(|(_, sku, _)| sku.clone());
        Ok(Self {
            address: text(&address, "address_id")?,
            skus: sellers.iter().take(3).filter_map(first).collect(),
            sandbox: settings.sandbox.clone(),
            http: reqwest::Client::new(),
            person,
        })
    }

    /// Fills the cart, checks out, pays at once, and waits until the order is confirmed. Returns the time from the
    /// request until the payment could be made, and from the payment until the order was confirmed.
    pub async fn buy(&self) -> anyhow::Result<Duration> {
        let mut cart = Value::Null;
        for sku in &self.skus {
            cart =
                self.person.put(&format!("/v1/cart/lines/{sku}"), json!({"quantity": 1})).await?;
        }
        let body = json!({
            "address_id": self.address, "payment_method": "upi", "expected_total": cart["total"],
        });
        let key = EventId::new().to_string();
        let asked = Instant::now();
        let checkout = self.person.post_once("/v1/cart/checkout", &key, body).await?;
        let checkout_id = text(&checkout, "checkout_id")?;
        let payable = self.reach(&checkout_id, |c| c["payment"]["upi_intent"].is_string()).await?;
        let until_payable = asked.elapsed();

        let payment = text(&payable["payment"], "payment_id")?;
        let payment = self.person.get(&format!("/v1/payments/{payment}")).await?;
        let order = text(&payment, "provider_order_id")?;
        let pay = format!("{}/sandbox/orders/{order}/pay", self.sandbox);
        let paid_at = Instant::now();
        let paid = self.http.post(pay).json(&json!({"outcome": "captured"})).send().await?;
        anyhow::ensure!(paid.status().is_success(), "{}", paid.text().await?);
        self.reach(&checkout_id, |checkout| checkout["status"] == "confirmed").await?;
        Ok(until_payable + paid_at.elapsed())
    }

    async fn reach(&self, id: &str, there: fn(&Value) -> bool) -> anyhow::Result<Value> {
        let path = format!("/v1/checkouts/{id}?wait=15");
        let deadline = Instant::now() + Duration::from_mins(1);
        while Instant::now() < deadline {
            let answer = self.person.send(Method::GET, &path, None, None).await?;
            if answer.status() == StatusCode::NOT_FOUND {
                tokio::time::sleep(Duration::from_millis(2)).await;
                continue;
            }
            let checkout: Value = answer.json().await?;
            if there(&checkout) {
                return Ok(checkout);
            }
            anyhow::ensure!(checkout["status"] != "rejected", "rejected: {checkout}");
        }
        anyhow::bail!("the checkout {id} does not move")
    }
}

fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    value[key].as_str().map(str::to_owned).with_context(|| format!("no {key} in {value}"))
}

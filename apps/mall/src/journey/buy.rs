//! The first half: from signing in to a confirmed order.

use anyhow::Context as _;
use kernel::EventId;
use reqwest::Method as Verb;
use serde_json::{Value, json};

use super::{Actors, Method};
use crate::client;
use crate::person::Person;
use crate::reporter::{PATIENCE, Reporter, until};
use crate::settings::Settings;

/// A confirmed order and how it came about.
#[derive(Debug, Clone)]
pub struct Bought {
    pub buyer: Person,
    pub checkout_id: String,
    /// The trace of the checkout request.
    pub trace_id: String,
    /// The order as the buyer sees it.
    pub order: Value,
}

/// Signs in, fills the cart from every seller, checks out, pays.
pub async fn buy(
    actors: &Actors,
    method: Method,
    reporter: &mut Reporter,
) -> anyhow::Result<Bought> {
    let sign_in = Person::sign_in(&actors.settings, &actors.buyer);
    let buyer = reporter.step("a buyer signs in with a code that arrived by mail", sign_in).await?;
    let address = reporter.step("adds an address", add_address(&buyer)).await?;
    let what = format!("puts products of {} sellers into one cart", actors.sellers.len());
    let total = reporter.step(&what, fill_cart(&buyer, &wanted(actors)?)).await?;
    let what = format!("checks out, to pay by {}", method.name());
    let check_out = check_out(&buyer, &address, method, &total);
    let (checkout_id, trace_id) = reporter.step(&what, check_out).await?;
    if method == Method::Upi {
        let payable = payable(&buyer, &checkout_id);
        let payment = reporter.step("stock is held; the UPI link is there", payable).await?;
        reporter.step("pays in the UPI app", pay(&actors.settings, &buyer, &payment)).await?;
    }
    let order_id =
        reporter.step("the order is confirmed", reach(&buyer, &checkout_id, "confirmed")).await?;
    let split = split_adds_up(&buyer, &order_id, &total);
    let order = reporter.step("it is split per seller, to the paisa", split).await?;
    Ok(Bought { buyer, checkout_id, trace_id, order })
}

/// Two of the first product of each seller.
fn wanted(actors: &Actors) -> anyhow::Result<Vec<(&str, u32)>> {
    let first = actors.sellers.iter().map(|seller| {
        let (_, sku, _) = seller.products.first().context("a seller without products")?;
        Ok((sku.as_str(), 2))
    });
    first.collect()
}

/// Writes an address into the buyer's book. Returns its id.
pub async fn add_address(buyer: &Person) -> anyhow::Result<String> {
    add_address_in(buyer, ("Bengaluru", "29", "560001")).await
}

/// The same, in this city, state and pincode.
pub async fn add_address_in(buyer: &Person, place: (&str, &str, &str)) -> anyhow::Result<String> {
    let (city, state, pincode) = place;
    let body = json!({
        "recipient": "Asha Rao", "phone": "+919876543210", "line1": "12 MG Road", "line2": "Ashok Nagar",
        "city": city, "state": state, "pincode": pincode,
    });
    let made = buyer.post("/v1/me/addresses", body).await?;
    Ok(made["address_id"].as_str().context("no address_id")?.to_owned())
}

/// Puts so many of each SKU into the cart. Shelves hear of new stock a moment after the seller
/// does. Returns the total.
pub async fn fill_cart(buyer: &Person, wanted: &[(&str, u32)]) -> anyhow::Result<Value> {
    for (sku, quantity) in wanted {
        put(buyer, sku, *quantity).await?;
    }
    until(PATIENCE, "the cart has no flags", async || {
        let seen = buyer.get("/v1/cart").await?;
        let groups = seen["sellers"].as_array().cloned().unwrap_or_default();
        let lines = groups.iter().flat_map(|s| s["lines"].as_array().cloned().unwrap_or_default());
        let lines: Vec<Value> = lines.collect();
        anyhow::ensure!(lines.len() == wanted.len(), "the cart lacks something: {seen}");
        let flagged =
            lines.iter().any(|line| line["flags"].as_array().is_some_and(|f| !f.is_empty()));
        Ok((!flagged).then(|| seen["total"].clone()))
    })
    .await
}

async fn put(buyer: &Person, sku: &str, quantity: u32) -> anyhow::Result<()> {
    let path = format!("/v1/cart/lines/{sku}");
    until(PATIENCE, "the product can be put into the cart", async || {
        let body = json!({ "quantity": quantity });
        let answer = buyer.send(Verb::PUT, &path, Some(body), None).await?;
        Ok(answer.status().is_success().then_some(()))
    })
    .await
}

/// Checks out. Returns the checkout's id and the trace of the request.
pub async fn check_out(
    buyer: &Person,
    address: &str,
    method: Method,
    total: &Value,
) -> anyhow::Result<(String, String)> {
    let (status, body, trace) = try_check_out(buyer, address, method, total).await?;
    anyhow::ensure!(status == reqwest::StatusCode::ACCEPTED, "{status} {body}");
    Ok((body["checkout_id"].as_str().context("no checkout_id")?.to_owned(), trace))
}

/// Asks to check out. Returns the answer, and the trace of the request.
pub async fn try_check_out(
    buyer: &Person,
    address: &str,
    method: Method,
    total: &Value,
) -> anyhow::Result<(reqwest::StatusCode, Value, String)> {
    let body =
        json!({ "address_id": address, "payment_method": method.name(), "expected_total": total });
    let key = EventId::new().to_string();
    let answer = buyer.send(Verb::POST, "/v1/cart/checkout", Some(body), Some(&key)).await?;
    let trace = answer.headers().get("traceparent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let trace = trace.split('-').nth(1).unwrap_or_default().to_owned();
    Ok((answer.status(), answer.json().await?, trace))
}

/// The checkout as its buyer sees it; nothing while the order service has not heard of it.
pub async fn checkout(buyer: &Person, checkout_id: &str) -> anyhow::Result<Value> {
    let path = format!("/v1/checkouts/{checkout_id}?wait=15");
    let answer = buyer.send(Verb::GET, &path, None, None).await?;
    if answer.status() == reqwest::StatusCode::NOT_FOUND {
        return Ok(Value::Null);
    }
    Ok(answer.json().await?)
}

/// Waits until the payment can be made. Returns its id.
pub async fn payable(buyer: &Person, checkout_id: &str) -> anyhow::Result<String> {
    until(PATIENCE, "the payment can be made", async || {
        let now = checkout(buyer, checkout_id).await?;
        anyhow::ensure!(now["status"] != "rejected", "the checkout was rejected: {now}");
        let payment = &now["payment"];
        let ready = payment["upi_intent"].is_string();
        Ok(payment["payment_id"].as_str().filter(|_| ready).map(str::to_owned))
    })
    .await
}

/// Pays in full by the link of a payment, once.
pub async fn pay(settings: &Settings, buyer: &Person, payment: &str) -> anyhow::Result<()> {
    let seen = buyer.get(&format!("/v1/payments/{payment}")).await?;
    let provider_order = seen["provider_order_id"].as_str().context("no provider_order_id")?;
    let order = format!("{}/sandbox/orders/{provider_order}", settings.sandbox);
    let http = reqwest::Client::new();
    until(PATIENCE, "the provider has the money", async || {
        // Approving twice is paying twice, so a buyer who got no answer looks first.
        let seen: Value = client::send(http.get(&order)).await?.json().await?;
        if seen["order"]["status"] == "paid" {
            return Ok(Some(()));
        }
        let approval = http.post(format!("{order}/pay")).json(&json!({ "outcome": "captured" }));
        let Ok(paid) = approval.send().await else { return Ok(None) };
        anyhow::ensure!(paid.status().is_success(), "{}", paid.text().await?);
        Ok(Some(()))
    })
    .await
}

/// Waits until the checkout stands at `status`. Returns the order's id.
pub async fn reach(buyer: &Person, checkout_id: &str, status: &str) -> anyhow::Result<String> {
    until(PATIENCE, &format!("the checkout is {status}"), async || {
        let now = checkout(buyer, checkout_id).await?;
        anyhow::ensure!(now["status"] != "rejected", "the checkout was rejected: {now}");
        Ok((now["status"] == status)
            .then(|| now["order_id"].as_str().unwrap_or_default().to_owned()))
    })
    .await
}

async fn split_adds_up(buyer: &Person, order_id: &str, total: &Value) -> anyhow::Result<Value> {
    let order = buyer.get(&format!("/v1/orders/{order_id}")).await?;
    let parts = order["seller_orders"].as_array().cloned().unwrap_or_default();
    let sum: i64 = parts.iter().filter_map(|part| part["total"]["amount"].as_i64()).sum();
    anyhow::ensure!(order["total"] == *total, "the order is over {}, not {total}", order["total"]);
    anyhow::ensure!(total["amount"] == sum, "the parts add up to {sum}, not {total}");
    Ok(order)
}

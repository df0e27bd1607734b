//! A seller comes aboard: applies, proves who they are, lists products, stocks them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::person::Person;
use crate::reporter::{PATIENCE, until};

/// A product a seller lists.
#[derive(Debug, Clone)]
pub struct Listing {
    pub title: String,
    pub description: String,
    /// On which shelf.
    pub category: String,
    pub hsn: String,
    /// Tax in the price, basis points.
    pub gst_rate_bp: u32,
    /// Stock keeping unit.
    pub sku: String,
    /// Price in paise.
    pub price: i64,
    pub stock: i64,
}

#[derive(Debug, Clone)]
pub struct Application {
    pub display_name: String,
    pub legal_name: String,
    pub gstin: Option<String>,
    /// Permanent account number; the middle of a GSTIN.
    pub pan: String,
    pub city: String,
    pub state: String,
    pub pincode: String,
}

/// Applies, uploads documents into the object store, submits, is approved; what was done before is not done again.
/// Returns the seller's id.
pub async fn come_aboard(
    seller: &Person,
    staff: &Person,
    application: &Application,
) -> anyhow::Result<String> {
    let member = seller.user["vendors"].as_array().and_then(|v| v.first()).and_then(Value::as_str);
    let vendor = match member.map(str::to_owned) {
        Some(vendor) => vendor,
        None => apply(seller, application).await?,
    };
    let profile = seller.get(&format!("/v1/vendors/{vendor}/profile")).await?;
    if profile["status"] == "draft" {
        submit(seller, &vendor, application).await?;
    }
    if profile["status"] == "draft" || profile["status"] == "submitted" {
        approve(staff, seller, &vendor).await?;
    }
    Ok(vendor)
}

async fn submit(seller: &Person, vendor: &str, application: &Application) -> anyhow::Result<()> {
    upload(seller, vendor, "pan").await?;
    upload(seller, vendor, "bank_proof").await?;
    if application.gstin.is_some() {
        upload(seller, vendor, "gst_certificate").await?;
    }
    seller.post(&format!("/v1/vendors/{vendor}/submit"), json!({})).await.map(drop)
}

async fn apply(seller: &Person, application: &Application) -> anyhow::Result<String> {
    let body = json!({
        "legal_name": application.legal_name, "display_name": application.display_name,
        "gstin": application.gstin, "pan": application.pan,
        "address": { "line1": "1 Market Street", "city": application.city,
                     "state": application.state, "pincode": application.pincode },
        "bank_account": { "account_number": "012345678901", "ifsc": "HDFC0000053",
                          "holder": application.legal_name },
    });
    let applied = seller.post_once("/v1/vendors", &application.pan, body).await?;
    Ok(applied["vendor_id"].as_str().context("no vendor_id")?.to_owned())
}

async fn upload(seller: &Person, vendor: &str, kind: &str) -> anyhow::Result<()> {
    let file = format!("%PDF-1.4\n% {kind} of {vendor}\n%%EOF\n").into_bytes();
    let body = json!({
        "kind": kind, "content_type": "application/pdf", "size": file.len(),
        "sha256": hex::encode(Sha256::digest(&file)),
    });
    let answer = seller.post(&format!("/v1/vendors/{vendor}/kyc-documents"), body).await?;
    let upload = &answer["upload"];
    let url = upload["url"].as_str().context("no upload.url")?;
    let mut put = reqwest::Client::new().put(url).body(file);
    for (name, value) in upload["headers"].as_object().into_iter().flatten() {
        put = put.header(name, value.as_str().unwrap_or_default());
    }
    let stored = put.send().await?;
    anyhow::ensure!(stored.status().is_success(), "the upload was refused: {}", stored.status());
    Ok(())
}

async fn approve(staff: &Person, seller: &Person, vendor: &str) -> anyhow::Result<()> {
    until(PATIENCE, "the application is in the approval queue", async || {
        let queue = staff.get("/v1/admin/vendors?status=submitted&limit=100").await?;
        Ok(listed(&queue, "vendor_id", vendor).then_some(()))
    })
    .await?;
    let body = json!({ "decision": "approve", "reason": "the documents match" });
    staff.post(&format!("/v1/admin/vendors/{vendor}/decisions"), body).await?;
    until(PATIENCE, "the seller is approved", async || {
        let profile = seller.get(&format!("/v1/vendors/{vendor}/profile")).await?;
        Ok((profile["status"] == "approved").then_some(()))
    })
    .await
}

fn listed(page: &Value, key: &str, id: &str) -> bool {
    page["items"].as_array().is_some_and(|items| items.iter().any(|item| item[key] == id))
}

/// A product that its seller has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub id: String,
    pub status: String,
}

/// Every product of a seller, by SKU.
pub async fn owned(seller: &Person, vendor: &str) -> anyhow::Result<BTreeMap<String, Owned>> {
    let (mut owned, mut after) = (BTreeMap::new(), String::new());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    loop {
        let page = seller.get(&format!("/v1/vendors/{vendor}/products?limit=100{after}")).await?;
        for item in page["items"].as_array().context("a list of products")? {
            let product = Owned { id: text(&item["product_id"]), status: text(&item["status"]) };
            for variant in item["variants"].as_array().into_iter().flatten() {
                owned.insert(text(&variant["sku"]), product.clone());
            }
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(owned),
        }
    }
}

/// Writes a product down, stocks it and has it published; what was done before is not done again. Returns its id.
pub async fn list(
    seller: &Person,
    staff: &Person,
    vendor: &str,
    known: &BTreeMap<String, Owned>,
    listing: &Listing,
) -> anyhow::Result<String> {
    let product = match known.get(&listing.sku) {
        Some(product) => product.clone(),
        None => Owned { id: write(seller, vendor, listing).await?, status: "draft".into() },
    };
    let own = format!("/v1/vendors/{vendor}/products/{}", product.id);
    if product.status == "draft" {
        stock(seller, vendor, &listing.sku, listing.stock).await?;
        insist(seller, &format!("{own}/propose"), &json!({})).await?;
    }
    if product.status == "draft" || product.status == "proposed" {
        publish(staff, &product.id).await?;
    }
    Ok(product.id)
}

async fn publish(staff: &Person, product: &str) -> anyhow::Result<()> {
    let body = json!({ "decision": "approve", "reason": "complete" });
    insist(staff, &format!("/v1/admin/products/{product}/decisions"), &body).await
}

async fn write(seller: &Person, vendor: &str, listing: &Listing) -> anyhow::Result<String> {
    let body = json!({
        "title": listing.title, "description": listing.description, "category": listing.category,
        "hsn": listing.hsn, "gst_rate_bp": listing.gst_rate_bp,
        "variants": [{ "sku": listing.sku, "options": {}, "price": inr(listing.price) }],
    });
    let made =
        seller.post_once(&format!("/v1/vendors/{vendor}/products"), &listing.sku, body).await?;
    Ok(made["product_id"].as_str().context("no product_id")?.to_owned())
}

/// Posts until it is taken: whoever has to agree may hear of the thing a moment later.
async fn insist(person: &Person, path: &str, body: &Value) -> anyhow::Result<()> {
    until(PATIENCE, &format!("{path} is taken"), async || {
        let answer = person.send(reqwest::Method::POST, path, Some(body.clone()), None).await?;
        let status = answer.status();
        let early = matches!(status.as_u16(), 404 | 409);
        anyhow::ensure!(status.is_success() || early, "{path}: {status} {}", answer.text().await?);
        Ok(status.is_success().then_some(()))
    })
    .await
}

/// Brings more of a SKU in.
pub async fn stock(seller: &Person, vendor: &str, sku: &str, quantity: i64) -> anyhow::Result<()> {
    let path = format!("/v1/vendors/{vendor}/stock/{sku}/movements");
    let body = json!({ "quantity": quantity, "reason": "received" });
    seller.post(&path, body).await.map(drop)
}

/// An amount in paise as the API writes it.
pub fn inr(paise: i64) -> Value {
    json!({ "amount": paise, "currency": "INR" })
}

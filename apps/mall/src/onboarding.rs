//! A seller comes aboard: applies, proves who they are, lists products, stocks them.

use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::person::Person;
use crate::story::{PATIENCE, until};

/// A product a seller lists.
#[derive(Debug, Clone)]
pub struct Listing {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// On which shelf.
    pub category: String,
    /// HSN code.
    pub hsn: String,
    /// Tax in the price, basis points.
    pub gst_rate_bp: u32,
    /// Stock keeping unit.
    pub sku: String,
    /// Price in paise.
    pub price: i64,
    /// How many there are.
    pub stock: i64,
}

/// A business that applies.
#[derive(Debug, Clone)]
pub struct Application {
    /// The name buyers see.
    pub display_name: String,
    /// The name on documents.
    pub legal_name: String,
    /// GST registration.
    pub gstin: String,
    /// Permanent account number; the middle of the GSTIN.
    pub pan: String,
    /// Town.
    pub city: String,
    /// GST state code.
    pub state: String,
    /// PIN code.
    pub pincode: String,
}

/// Applies, uploads a document into the object store, submits, is approved. Returns the seller's id.
pub async fn come_aboard(
    seller: &mut Person,
    staff: &Person,
    application: &Application,
) -> anyhow::Result<String> {
    let body = json!({
        "legal_name": application.legal_name, "display_name": application.display_name,
        "gstin": application.gstin, "pan": application.pan,
        "address": { "line1": "1 Market Street", "city": application.city,
                     "state": application.state, "pincode": application.pincode },
        "bank_account": { "account_number": "012345678901", "ifsc": "HDFC0000053",
                          "holder": application.legal_name },
    });
    let applied = seller.post_once("/v1/vendors", &application.gstin, body).await?;
    let vendor = applied["vendor_id"].as_str().context("no vendor_id")?.to_owned();
    become_member(seller, &vendor).await?;
    for kind in ["pan", "gst_certificate", "bank_proof"] {
        upload(seller, &vendor, kind).await?;
    }
    seller.post(&format!("/v1/vendors/{vendor}/submit"), json!({})).await?;
    approve(staff, seller, &vendor).await?;
    Ok(vendor)
}

/// Takes fresh tokens until one shows the membership.
async fn become_member(seller: &mut Person, vendor: &str) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        seller.refresh().await?;
        let member =
            seller.user["vendors"].as_array().is_some_and(|v| v.iter().any(|v| v == vendor));
        if member {
            return Ok(());
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "the membership did not show up");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
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

/// Lists a product, has it moderated, stocks it. Returns the product's id.
pub async fn list(
    seller: &Person,
    staff: &Person,
    vendor: &str,
    listing: &Listing,
) -> anyhow::Result<String> {
    let body = json!({
        "title": listing.title, "description": listing.description, "category": listing.category,
        "hsn": listing.hsn, "gst_rate_bp": listing.gst_rate_bp,
        "variants": [{ "sku": listing.sku, "options": {}, "price": inr(listing.price) }],
    });
    let products = format!("/v1/vendors/{vendor}/products");
    let made = seller.post_once(&products, &listing.sku, body).await?;
    let product = made["product_id"].as_str().context("no product_id")?.to_owned();
    propose(seller, vendor, &product).await?;
    until(PATIENCE, "the product is in the moderation queue", async || {
        let queue = staff.get("/v1/admin/products?status=proposed&limit=100").await?;
        Ok(listed(&queue, "product_id", &product).then_some(()))
    })
    .await?;
    let body = json!({ "decision": "approve", "reason": "complete" });
    staff.post(&format!("/v1/admin/products/{product}/decisions"), body).await?;
    stock(seller, vendor, &listing.sku, listing.stock).await?;
    Ok(product)
}

/// Proposes a product. The catalogue may hear of the seller's approval a moment later than the seller does.
async fn propose(seller: &Person, vendor: &str, product: &str) -> anyhow::Result<()> {
    let path = format!("/v1/vendors/{vendor}/products/{product}/propose");
    until(PATIENCE, "the product can be proposed", async || {
        let answer = seller.send(reqwest::Method::POST, &path, Some(json!({})), None).await?;
        let status = answer.status();
        anyhow::ensure!(
            status.is_success() || status == reqwest::StatusCode::CONFLICT,
            "{path}: {status} {}",
            answer.text().await?
        );
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
#[must_use]
pub fn inr(paise: i64) -> Value {
    json!({ "amount": paise, "currency": "INR" })
}

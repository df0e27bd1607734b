//! The second half: documents, mail, fulfilment, reviews, numbers.

use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::buy::Bought;
use super::{Actors, Invoice, Method};
use crate::client;
use crate::live::Dashboard;
use crate::mailbox::Mailbox;
use crate::person::Person;
use crate::reporter::{PATIENCE, Reporter, until};
use crate::seed::SeededSeller;

pub(super) fn parts(bought: &Bought) -> Vec<Value> {
    bought.order["seller_orders"].as_array().cloned().unwrap_or_default()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whose part of the order it is.
pub(super) fn seller<'a>(actors: &'a Actors, part: &Value) -> anyhow::Result<&'a SeededSeller> {
    let seller = actors.sellers.iter().find(|seller| part["vendor_id"] == *seller.vendor);
    seller.context("an unknown seller")
}

/// One invoice per seller lies in the store; one mail links to each.
pub async fn documents(
    actors: &Actors,
    bought: &Bought,
    reporter: &mut Reporter,
) -> anyhow::Result<(Vec<Invoice>, Vec<String>)> {
    let many = parts(bought).len();
    let what = format!("{many} invoices lie in the store");
    let listed = reporter.step(&what, invoices(bought, many)).await?;
    let mut opened = Vec::new();
    for invoice in listed {
        let what = format!("opens invoice {}", text(&invoice["number"]));
        opened.push(reporter.step(&what, open(actors, bought, &invoice)).await?);
    }
    let mailbox = Mailbox::new(&actors.settings.mail);
    let confirmation = confirmation(&mailbox, actors, bought, many);
    let mail = reporter.step("one confirmation mail links to each of them", confirmation).await?;
    Ok((opened, vec![mail]))
}

async fn invoices(bought: &Bought, many: usize) -> anyhow::Result<Vec<Value>> {
    let path = format!("/v1/orders/{}/invoices", text(&bought.order["order_id"]));
    until(PATIENCE, "one invoice per seller", async || {
        // Until the order was heard there, it is an order nobody knows.
        let answer = bought.buyer.send(reqwest::Method::GET, &path, None, None).await?;
        let page: Value = answer.json().await?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        let issued = items.iter().filter(|i| i["sha256"].is_string()).count();
        Ok((issued == many).then_some(items))
    })
    .await
}

async fn fetch(url: &str) -> anyhow::Result<Vec<u8>> {
    let answer = client::send(reqwest::Client::new().get(url)).await?;
    anyhow::ensure!(answer.status().is_success(), "the link answers {}", answer.status());
    let pdf = answer.bytes().await?.to_vec();
    anyhow::ensure!(pdf.starts_with(b"%PDF-"), "the link does not lead to a PDF");
    Ok(pdf)
}

async fn open(actors: &Actors, bought: &Bought, invoice: &Value) -> anyhow::Result<Invoice> {
    let (number, sha256) = (text(&invoice["number"]), text(&invoice["sha256"]));
    let links = format!("/v1/invoices/{}/links", text(&invoice["invoice_id"]));
    let url = text(&bought.buyer.post(&links, json!({})).await?["url"]);
    let pdf = fetch(&url).await?;
    let found = hex::encode(Sha256::digest(&pdf));
    anyhow::ensure!(found == sha256, "the file's fingerprint is {found}, the invoice's {sha256}");
    let file = actors.folder.join(format!("{}.pdf", number.replace('/', "-")));
    std::fs::create_dir_all(&actors.folder)?;
    std::fs::write(&file, pdf)?;
    Ok(Invoice { number, sha256, url, file })
}

async fn confirmation(
    mailbox: &Mailbox,
    actors: &Actors,
    bought: &Bought,
    many: usize,
) -> anyhow::Result<String> {
    let number = text(&bought.order["number"]);
    let mail = mailbox.wait_for(&actors.buyer, &number, 0).await?;
    let links = mail.links("/v1/invoice-links/");
    anyhow::ensure!(links.len() == many, "{} links for {many} invoices", links.len());
    for link in &links {
        fetch(link).await?;
    }
    let all = mailbox.to(&actors.buyer).await?;
    let same = all.iter().filter(|m| m.subject == mail.subject).count();
    anyhow::ensure!(same == 1, "{same} confirmation mails");
    Ok(mailbox.page(&mail))
}

/// Every seller accepts, packs, ships and delivers; cash is collected at the door.
pub async fn fulfil(
    actors: &Actors,
    bought: &Bought,
    method: Method,
    reporter: &mut Reporter,
) -> anyhow::Result<()> {
    for part in parts(bought) {
        let what = format!("{} accepts, packs, ships, delivers", text(&part["vendor_name"]));
        reporter.step(&what, deliver(actors, &part, method)).await?;
    }
    reporter.step("the buyer sees every part delivered", delivered(bought)).await?;
    let mailbox = Mailbox::new(&actors.settings.mail);
    let shipped = mailbox.wait_for(&actors.buyer, "shipped", parts(bought).len() - 1);
    reporter.step("a mail says that it was shipped", shipped).await.map(drop)
}

async fn deliver(actors: &Actors, part: &Value, method: Method) -> anyhow::Result<()> {
    let seller = seller(actors, part)?;
    let order = format!("/v1/vendors/{}/orders/{}", seller.vendor, text(&part["seller_order_id"]));
    let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
    for (verb, body, reached) in [
        ("accept", json!({}), "accepted"),
        ("pack", json!({}), "packed"),
        ("ship", parcel, "shipped"),
        ("deliver", json!({}), "delivered"),
    ] {
        move_on(&seller.person, &order, verb, body, reached)
            .await
            .with_context(|| format!("{verb} {order}"))?;
    }
    if method == Method::Cod {
        collect(&seller.person, &format!("{order}/cod-collected")).await?;
    }
    Ok(())
}

/// A seller who got no answer may be told that the order cannot move there: it is there already.
async fn move_on(
    seller: &Person,
    order: &str,
    verb: &str,
    body: Value,
    reached: &str,
) -> anyhow::Result<()> {
    let path = format!("{order}/{verb}");
    let answer = seller.send(reqwest::Method::POST, &path, Some(body), None).await?;
    let status = answer.status();
    let there =
        status == reqwest::StatusCode::CONFLICT && seller.get(order).await?["status"] == reached;
    anyhow::ensure!(status.is_success() || there, "{status} {}", answer.text().await?);
    Ok(())
}

/// The payment service may hear of the delivery a moment later.
async fn collect(seller: &Person, path: &str) -> anyhow::Result<()> {
    until(PATIENCE, "the cash can be booked", async || {
        let answer = seller.send(reqwest::Method::POST, path, Some(json!({})), None).await?;
        let status = answer.status();
        let early = status == reqwest::StatusCode::CONFLICT;
        anyhow::ensure!(status.is_success() || early, "{status} {}", answer.text().await?);
        Ok(status.is_success().then_some(()))
    })
    .await
}

async fn delivered(bought: &Bought) -> anyhow::Result<()> {
    let path = format!("/v1/orders/{}", text(&bought.order["order_id"]));
    until(PATIENCE, "every part is delivered", async || {
        let order = bought.buyer.get(&path).await?;
        let parts = order["seller_orders"].as_array().cloned().unwrap_or_default();
        Ok(parts.iter().all(|p| p["status"] == "delivered").then_some(()))
    })
    .await
}

/// The dashboards show the order.
pub async fn numbers(
    actors: &Actors,
    bought: &Bought,
    reporter: &mut Reporter,
) -> anyhow::Result<()> {
    reporter.step("the staff dashboard shows numbers", dashboard(actors)).await?;
    for part in parts(bought) {
        let seller = seller(actors, &part)?;
        let what = format!("{} sees its sales live", text(&part["vendor_name"]));
        let path = format!("/v1/vendors/{}/analytics/live", seller.vendor);
        let mut dashboard = Dashboard::new(&seller.person, &path);
        let sold = |now: &Value| now["orders"].as_i64() > Some(0);
        reporter.step(&what, dashboard.until(sold)).await?;
    }
    Ok(())
}

async fn dashboard(actors: &Actors) -> anyhow::Result<()> {
    until(PATIENCE, "the overview counts orders", async || {
        let overview = actors.staff.get("/v1/analytics/overview").await?;
        Ok((overview["orders"].as_i64() > Some(0)).then_some(()))
    })
    .await?;
    actors.staff.get("/v1/admin/dashboard").await.map(drop)
}

//! What staff do about money: who is paid, what arrived, what a person has to decide.

use anyhow::Context as _;
use kernel::EventId;
use reqwest::{Method as Verb, StatusCode};
use serde_json::{Value, json};

use super::cast::{Cast, Seller};
use super::purchase::Purchase;
use crate::onboarding::inr;
use crate::reporter::{PATIENCE, until};

/// Sellers are paid what is free.
pub async fn pay_sellers(cast: &Cast, sellers: &[Seller]) -> anyhow::Result<()> {
    for seller in sellers {
        until(PATIENCE, "what the seller is owed is free", async || {
            let path = format!("/v1/vendors/{}/ledger?limit=100", seller.vendor);
            let free = |line: &Value| starts(&line["cause"], "release:");
            Ok(found(&seller.person.get(&path).await?, free).map(drop))
        })
        .await?;
    }
    // Whoever was paid already, because it was payday meanwhile, is not paid twice.
    cast.staff.post("/v1/admin/payouts/run", json!({})).await?;
    for seller in sellers {
        until(PATIENCE, "the seller is paid", async || {
            let paid = cast.staff.get("/v1/admin/payouts?state=paid&limit=100").await?;
            Ok(found(&paid, |payout| payout["vendor_id"] == *seller.vendor).map(drop))
        })
        .await?;
    }
    Ok(())
}

/// Waits until a seller is owed so many paise that are not free and that are.
pub async fn is_owed(seller: &Seller, pending: i64, available: i64) -> anyhow::Result<()> {
    let path = format!("/v1/vendors/{}/balance", seller.vendor);
    until(PATIENCE, &format!("the seller is owed {pending} and {available}"), async || {
        let owed = seller.person.get(&path).await?;
        let is = |side: &str, paise: i64| owed[side]["amount"] == paise;
        Ok((is("pending", pending) && is("available", available)).then_some(()))
    })
    .await
}

/// The cash of all parts arrives at our bank.
pub async fn remit(cast: &Cast, bought: &Purchase, received: i64) -> anyhow::Result<()> {
    let mut sold = Vec::new();
    for nth in 0..bought.sellers.len() {
        sold.push(bought.part(nth).await?);
    }
    let party = until(PATIENCE, "somebody has the cash", async || {
        let due = cast.staff.get("/v1/admin/cod-remittances").await?;
        let parties = due["parties"].as_array().cloned().unwrap_or_default();
        let ours = parties.iter().find(|party| sold.iter().all(|part| has(party, part)));
        Ok(ours.map(|party| party["party"].clone()))
    })
    .await?;
    let body = json!({
        "party": party, "seller_orders": sold, "received": inr(received),
        "bank_reference": bank_reference(),
    });
    cast.staff.post("/v1/admin/cod-remittances", body).await.map(drop)
}

fn has(party: &Value, part: &str) -> bool {
    let orders = party["seller_orders"].as_array();
    orders.is_some_and(|orders| orders.iter().any(|order| order["seller_order_id"] == *part))
}

/// Wrong money pays for the order all the same.
pub async fn accept(cast: &Cast, payment: &str, capture: &str) -> anyhow::Result<()> {
    let (status, answer) = try_to_accept(cast, payment, capture).await?;
    anyhow::ensure!(status.is_success(), "{status} {answer}");
    Ok(())
}

/// Wrong money cannot pay for the order, whoever tries.
pub async fn cannot_accept(cast: &Cast, payment: &str, capture: &str) -> anyhow::Result<()> {
    let (status, answer) = try_to_accept(cast, payment, capture).await?;
    anyhow::ensure!(status == StatusCode::CONFLICT, "{status} {answer}");
    Ok(())
}

/// Tries to, once the wrong money waits for a decision. Returns the answer.
async fn try_to_accept(
    cast: &Cast,
    payment: &str,
    capture: &str,
) -> anyhow::Result<(StatusCode, String)> {
    let path = format!("/v1/admin/payments/{payment}/review");
    until(PATIENCE, "the wrong money waits for a decision", async || {
        let body = json!({ "outcome": "accept", "provider_payment_id": capture });
        let answer = cast.staff.send(Verb::POST, &path, Some(body), None).await?;
        let status = answer.status();
        let early = status == StatusCode::NOT_FOUND;
        Ok(if early { None } else { Some((status, answer.text().await?)) })
    })
    .await
}

/// One member of staff proposes goodwill, and another agrees.
pub async fn give(cast: &Cast, bought: &Purchase, paise: i64) -> anyhow::Result<()> {
    let body = json!({
        "order_id": bought.order, "amount": inr(paise), "reason": "It came two days late.",
    });
    let proposed = cast.staff.post("/v1/admin/refunds", body).await?;
    approve(cast, &proposed).await
}

/// The buyer says where cash goes; one member of staff pays it there by hand, and another agrees.
pub async fn pay_by_hand(cast: &Cast, bought: &Purchase) -> anyhow::Result<()> {
    let refund = refund(cast, bought, |refund| refund["status"] == "by_hand").await?;
    let id = refund["refund_id"].as_str().context("no refund_id")?;
    let payment = refund["payment_id"].as_str().context("no payment_id")?;
    let body = json!({ "bank_reference": bank_reference() });
    let settled = format!("/v1/admin/refunds/{id}/settled");
    let early = cast.staff.send(Verb::POST, &settled, Some(body.clone()), None).await?.status();
    anyhow::ensure!(early == StatusCode::CONFLICT, "it answers {early}");
    let account = format!("/v1/payments/{payment}/refund-account");
    bought.buyer.put(&account, json!({ "vpa": "asha@okaxis" })).await?;
    let seen = cast.staff.get(&format!("/v1/admin/refunds/{id}/account")).await?;
    anyhow::ensure!(seen["vpa"] == "asha@okaxis", "staff see {seen}");
    let reported = cast.staff.post(&settled, body).await?;
    approve(cast, &reported).await
}

/// Nobody agrees to what they said themselves; another member of staff does.
async fn approve(cast: &Cast, refund: &Value) -> anyhow::Result<()> {
    let id = refund["refund_id"].as_str().context("no refund_id")?;
    let path = format!("/v1/admin/refunds/{id}/approve");
    let alone = cast.staff.send(Verb::POST, &path, Some(json!({})), None).await?.status();
    anyhow::ensure!(alone == StatusCode::FORBIDDEN, "it answers {alone}");
    cast.second.post(&path, json!({})).await.map(drop)
}

/// Waits for the refund of an order that is as `wanted`.
pub async fn refund(
    cast: &Cast,
    bought: &Purchase,
    wanted: fn(&Value) -> bool,
) -> anyhow::Result<Value> {
    let path = format!("/v1/admin/refunds?limit=100&order_id={}", bought.order);
    until(PATIENCE, "there is such a refund", async || {
        Ok(found(&cast.staff.get(&path).await?, wanted))
    })
    .await
}

/// Waits for the dispute over a payment that stands there.
pub async fn dispute(cast: &Cast, payment: &str, state: &str) -> anyhow::Result<Value> {
    until(PATIENCE, "there is such a dispute", async || {
        let waiting = cast.staff.get("/v1/admin/disputes?waiting=true&limit=100").await?;
        let ours = |it: &Value| it["payment_id"] == *payment && it["state"] == *state;
        Ok(found(&waiting, ours))
    })
    .await
}

/// The sellers bear the dispute over a payment, once it is lost.
pub async fn sellers_bear(cast: &Cast, payment: &str) -> anyhow::Result<()> {
    let dispute = dispute(cast, payment, "lost").await?;
    let id = dispute["dispute_id"].as_str().context("no dispute_id")?;
    let body = json!({ "bearer": "sellers" });
    cast.staff.post(&format!("/v1/admin/disputes/{id}/bearer"), body).await.map(drop)
}

fn found(page: &Value, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
    page["items"].as_array()?.iter().find(|item| wanted(item)).cloned()
}

fn starts(text: &Value, with: &str) -> bool {
    text.as_str().is_some_and(|text| text.starts_with(with))
}

/// A number that no other transfer has.
fn bank_reference() -> String {
    format!("UTR{}", EventId::new().as_uuid().simple())
}

//! `mall crowd`: many buyers at once, who do random legal things, and sellers who do theirs. Nobody says how an order
//! ends; what must hold afterwards are the invariants.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt as _;
use jiff::SignedDuration;
use reqwest::{Method as Verb, StatusCode};
use serde_json::{Value, json};

use super::acts::Till;
use super::cast::{Cast, Item};
use super::dice::Dice;
use super::purchase::Purchase;
use crate::journey::{Method, buy};
use crate::settings::Settings;
use crate::verify::settle;

/// Longer than a buyer has to pay.
const RUN_OUT: SignedDuration = SignedDuration::from_mins(16);
/// What everybody began settles within this.
const PATIENCE: Duration = Duration::from_mins(3);

/// How big a crowd, for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// So many buyers.
    pub buyers: u64,
    /// After so long nobody begins anything.
    pub time: Duration,
    /// What chance decides follows from this, as far as who is first does not.
    pub seed: u64,
}

/// Lets a crowd loose, and waits until what it began has settled.
pub async fn crowd(settings: &Settings, crowd: &Crowd) -> anyhow::Result<()> {
    let cast = Cast::gather(settings).await?;
    let (end, bought) = (Instant::now() + crowd.time, AtomicU64::new(0));
    let dice = Dice::of(crowd.seed);
    let buyers = (0..crowd.buyers).map(|nth| shop(&cast, dice.of_its_own(nth), end, &bought));
    let mut buyers = futures::stream::iter(buyers)
        .buffer_unordered(usize::try_from(crowd.buyers).unwrap_or(usize::MAX));
    while let Some(done) = buyers.next().await {
        done.with_context(|| format!("a buyer of the crowd of seed {}", crowd.seed))?;
    }
    settle::wait(&cast.stack, PATIENCE).await?;
    cast.clock.forward(RUN_OUT).await?;
    let moving = settle::wait(&cast.stack, PATIENCE).await?;
    anyhow::ensure!(moving.is_empty(), "it does not settle: {}", moving.join("; "));
    println!("  {} buyers, {} orders", crowd.buyers, bought.load(Ordering::Relaxed));
    Ok(())
}

/// One buyer after the other buys something, until it is `end`.
async fn shop(cast: &Cast, mut dice: Dice, end: Instant, bought: &AtomicU64) -> anyhow::Result<()> {
    while Instant::now() < end {
        let method = if dice.percent(60) { Method::Upi } else { Method::Cod };
        let items = cart(cast, &mut dice);
        let purchase = Purchase::begin_with(cast, &items, method).await?;
        bought.fetch_add(1, Ordering::Relaxed);
        let confirmed = match method {
            Method::Upi => pay(cast, &purchase, total(&items), &mut dice).await?,
            Method::Cod => agree(&purchase, &mut dice).await?,
        };
        if confirmed {
            supply(&purchase, method, &mut dice).await?;
        }
    }
    Ok(())
}

/// All three parts, or one or two of them.
fn cart(cast: &Cast, dice: &mut Dice) -> Vec<Item> {
    if dice.percent(50) {
        return cast.items().into();
    }
    let first = usize::try_from(dice.below(3)).unwrap_or(0);
    let many = usize::try_from(1 + dice.below(2)).unwrap_or(1);
    (0..many).map(|nth| cast.item((first + nth) % 3)).collect()
}

fn total(items: &[Item]) -> i64 {
    items.iter().map(Item::total).sum()
}

/// Money comes, or not. Returns whether the order will be confirmed.
async fn pay(cast: &Cast, purchase: &Purchase, due: i64, dice: &mut Dice) -> anyhow::Result<bool> {
    let till = Till::of(cast, purchase);
    let captured = || json!({ "outcome": "captured" });
    match dice.below(10) {
        // Their time runs out.
        0 => return Ok(false),
        1 => {
            cancel(purchase).await?;
            return Ok(false);
        }
        2 => {
            till.plan(json!({ "second": "captured" })).await?;
            till.pay(captured()).await?;
            till.pay(captured()).await?;
        }
        3 => {
            till.pay_amount(100).await?;
            till.pay_amount(due).await?;
        }
        4 => {
            till.pay(json!({ "outcome": "failed" })).await?;
            till.pay(captured()).await?;
        }
        5 => {
            // One of the two wins; the rest goes back.
            let (paid, cancelled) = tokio::join!(till.pay(captured()), cancel(purchase));
            paid.and(cancelled)?;
            return Ok(false);
        }
        _ => buy::pay(&cast.settings, &purchase.buyer, &purchase.payment).await?,
    }
    purchase.reach("confirmed").await?;
    Ok(true)
}

async fn agree(purchase: &Purchase, dice: &mut Dice) -> anyhow::Result<bool> {
    if dice.percent(15) {
        cancel(purchase).await?;
        return Ok(false);
    }
    purchase.reach("confirmed").await?;
    Ok(true)
}

async fn cancel(purchase: &Purchase) -> anyhow::Result<()> {
    let path = format!("/v1/orders/{}/cancel", purchase.order);
    allowed(purchase.buyer.send(Verb::POST, &path, Some(json!({})), Some(&key())).await?).await
}

fn key() -> String {
    kernel::EventId::new().to_string()
}

/// Done, or refused for a reason that depends on who was first.
async fn allowed(answer: reqwest::Response) -> anyhow::Result<()> {
    let status = answer.status();
    let fine = status.is_success() || status == StatusCode::CONFLICT;
    anyhow::ensure!(fine, "{}: {status} {}", answer.url().clone(), answer.text().await?);
    Ok(())
}

/// What buyer and sellers do with each part, all parts at once.
async fn supply(purchase: &Purchase, method: Method, dice: &mut Dice) -> anyhow::Result<()> {
    if dice.percent(10) {
        return cancel(purchase).await;
    }
    let parts = (0..purchase.sellers.len()).map(|nth| {
        let throw = dice.below(u64::MAX);
        fulfil(purchase, nth, method, dice.of_its_own(throw))
    });
    futures::future::try_join_all(parts).await.map(drop)
}

async fn fulfil(
    purchase: &Purchase,
    nth: usize,
    method: Method,
    mut dice: Dice,
) -> anyhow::Result<()> {
    let part = Part { purchase, nth, id: purchase.part(nth).await? };
    match dice.below(10) {
        // Its seller is not in a hurry.
        0 => return Ok(()),
        1 => return part.does("reject", json!({ "reason": "None are left." })).await,
        2 => return part.cancelled(json!({})).await,
        3 => {
            let piece = json!({ "lines": [{ "position": 0, "quantity": 1 }] });
            let reject = part.does("reject", json!({ "reason": "None are left." }));
            let (cancelled, rejected) = tokio::join!(part.cancelled(piece), reject);
            return cancelled.and(rejected);
        }
        4 => part.cancelled(json!({ "lines": [{ "position": 0, "quantity": 1 }] })).await?,
        _ => {}
    }
    part.does("accept", json!({})).await?;
    part.does("pack", json!({})).await?;
    let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
    part.does("ship", parcel).await?;
    match dice.below(10) {
        0 => part.does("lost", json!({})).await,
        1 => {
            part.does("turned-away", json!({})).await?;
            let condition = if dice.percent(50) { "resellable" } else { "damaged" };
            part.does("came-back", json!({ "condition": condition })).await
        }
        2 => Ok(()),
        _ => {
            part.does("deliver", json!({})).await?;
            if method == Method::Cod { part.does("cod-collected", json!({})).await } else { Ok(()) }
        }
    }
}

/// One seller's part of a purchase.
struct Part<'a> {
    purchase: &'a Purchase,
    nth: usize,
    id: String,
}

impl Part<'_> {
    /// Its seller does something, or is told that it is not possible any more.
    async fn does(&self, verb: &str, body: Value) -> anyhow::Result<()> {
        let seller = self.purchase.sellers.get(self.nth).context("no such part")?;
        let path = format!("/v1/vendors/{}/orders/{}/{verb}", seller.vendor, self.id);
        allowed(seller.person.send(Verb::POST, &path, Some(body), Some(&key())).await?).await
    }

    /// Its buyer does not want it, or not all of it.
    async fn cancelled(&self, body: Value) -> anyhow::Result<()> {
        let path = format!("/v1/orders/{}/parts/{}/cancel", self.purchase.order, self.id);
        let buyer = &self.purchase.buyer;
        allowed(buyer.send(Verb::POST, &path, Some(body), Some(&key())).await?).await
    }
}

//! What one buyer of the crowd does, and the sellers with what they bought.

use anyhow::Context as _;
use reqwest::{Method as Verb, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::super::acts::Till;
use super::super::cast::{Cast, Item};
use super::super::dice::Dice;
use super::super::purchase::{Basket, Customer, Purchase};
use super::tally::Tally;
use crate::journey::{Method, buy};

/// So many sign in at once: each looks for a code in a mailbox that all of them share.
const AT_THE_DOOR: usize = 10;

/// Where a crowd shops.
#[derive(Debug)]
pub struct Street<'a> {
    pub cast: &'a Cast,
    pub tally: &'a Tally,
    /// When nobody begins anything any more.
    end: Instant,
    door: Semaphore,
}

impl<'a> Street<'a> {
    /// Open until `end`.
    pub fn open(cast: &'a Cast, tally: &'a Tally, end: Instant) -> Self {
        Self { cast, tally, end, door: Semaphore::new(AT_THE_DOOR) }
    }

    /// One customer after the other. Each comes back for as long as the till serves them.
    pub async fn shop(&self, mut dice: Dice) -> anyhow::Result<()> {
        // Whoever waits for a code when it is over goes home.
        while let Ok(customer) = timeout_at(self.end, self.customer()).await {
            let customer = customer?;
            self.tally.arrived();
            while Instant::now() < self.end && self.buy(&customer, &mut dice).await? {}
        }
        Ok(())
    }

    async fn customer(&self) -> anyhow::Result<Customer> {
        let _one_of_few = self.door.acquire().await?;
        Customer::arrive(self.cast).await
    }

    /// Somebody buys something, and it goes one of its ways. Returns whether the till served them.
    async fn buy(&self, customer: &Customer, dice: &mut Dice) -> anyhow::Result<bool> {
        let (cast, tally) = (self.cast, self.tally);
        let method = if dice.percent(60) { Method::Upi } else { Method::Cod };
        let items = cart(cast, dice);
        let basket = Basket::fill_of(customer, &items).await?;
        let (status, answer) = basket.try_check_out(method).await?;
        if status == StatusCode::CONFLICT {
            tally.refused(&answer);
            return Ok(false);
        }
        anyhow::ensure!(status == StatusCode::ACCEPTED, "the till: {status} {answer}");
        let purchase = basket.ordered(&answer, method).await?;
        tally.ordered(&purchase.order);
        let confirmed = match method {
            Method::Upi => pay(cast, &purchase, total(&items), dice).await?,
            Method::Cod => agree(&purchase, dice).await?,
        };
        if confirmed {
            supply(&purchase, method, dice).await?;
        }
        tally.done();
        Ok(true)
    }
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

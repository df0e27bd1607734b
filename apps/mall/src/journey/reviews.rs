//! The reviews: bought things are rated, and the averages move.

use anyhow::Context as _;
use kernel::EventId;
use serde_json::{Value, json};

use super::Actors;
use super::after::{parts, seller, text};
use super::buy::Bought;
use crate::reporter::{PATIENCE, Reporter, until};
use crate::seed::SeededSeller;

/// The buyer rates a product and its seller; staff publish; averages and search follow.
pub async fn review(
    actors: &Actors,
    bought: &Bought,
    reporter: &mut Reporter,
) -> anyhow::Result<()> {
    let part = parts(bought).into_iter().next().context("an order without parts")?;
    let seller = seller(actors, &part)?;
    let (product, ..) = seller.products.first().context("a seller without products")?.clone();
    let before = reporter.step("looks up the product's rating", count_of(bought, &product)).await?;
    let order = text(&bought.order["order_id"]);
    reporter.step("rates a product and its seller", rate_both(bought, &product, seller)).await?;
    reporter.step("staff publish the reviews", publish(actors, &order)).await?;
    let grown = until(PATIENCE, "the product's count of ratings grows", async || {
        Ok((count_of(bought, &product).await? > before).then_some(()))
    });
    reporter.step("the average moves", grown).await?;
    let found = found(bought, &product, before);
    reporter.step("search finds the product with its new rating", found).await
}

async fn rate_both(bought: &Bought, product: &str, seller: &SeededSeller) -> anyhow::Result<()> {
    let order = text(&bought.order["order_id"]);
    for target in [json!({ "product_id": product }), json!({ "vendor_id": seller.vendor })] {
        let body = json!({ "target": target, "order_id": order, "stars": 5,
                           "title": "As described", "text": "Well packed and quick." });
        rate(bought, body).await?;
    }
    Ok(())
}

/// The rating service may hear of the delivery a moment later.
async fn rate(bought: &Bought, body: Value) -> anyhow::Result<()> {
    let key = EventId::new().to_string();
    until(PATIENCE, "the purchase can be rated", async || {
        let answer = bought
            .buyer
            .send(reqwest::Method::POST, "/v1/reviews", Some(body.clone()), Some(&key))
            .await?;
        let status = answer.status();
        let early = status == reqwest::StatusCode::FORBIDDEN;
        anyhow::ensure!(status.is_success() || early, "{status} {}", answer.text().await?);
        Ok(status.is_success().then_some(()))
    })
    .await
}

async fn count_of(bought: &Bought, product: &str) -> anyhow::Result<i64> {
    let reviews = bought.buyer.get(&format!("/v1/products/{product}/reviews")).await?;
    Ok(reviews["count"].as_i64().unwrap_or(0))
}

async fn publish(actors: &Actors, order: &str) -> anyhow::Result<()> {
    let mine = until(PATIENCE, "the reviews are in the moderation queue", async || {
        let queue = actors.staff.get("/v1/admin/reviews?status=submitted&limit=100").await?;
        let items = queue["items"].as_array().cloned().unwrap_or_default();
        let mine: Vec<Value> = items.into_iter().filter(|r| r["order_id"] == order).collect();
        Ok((mine.len() == 2).then_some(mine))
    })
    .await?;
    for review in mine {
        let path = format!("/v1/admin/reviews/{}/decisions", text(&review["review_id"]));
        actors.staff.post(&path, json!({ "decision": "approve", "reason": "fair" })).await?;
    }
    Ok(())
}

pub(super) async fn found(bought: &Bought, product: &str, before: i64) -> anyhow::Result<()> {
    let title = text(&bought.buyer.get(&format!("/v1/products/{product}")).await?["title"]);
    let query: String = title.split(' ').collect::<Vec<_>>().join("+");
    until(PATIENCE, "search shows the new rating", async || {
        let path = format!("/v1/search/products?q={query}");
        let answer = bought.buyer.send(reqwest::Method::GET, &path, None, None).await?;
        if answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Ok(None);
        }
        let hits: Value = answer.error_for_status()?.json().await?;
        let items = hits["items"].as_array().cloned().unwrap_or_default();
        let hit = items.into_iter().find(|hit| hit["product_id"] == product);
        Ok(hit.filter(|hit| hit["rating"]["count"].as_i64() > Some(before)).map(drop))
    })
    .await
}

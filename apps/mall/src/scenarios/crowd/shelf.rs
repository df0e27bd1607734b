//! Sellers who see to it that the shelf is never empty.

use std::convert::Infallible;
use std::time::Duration;

use super::super::cast::{Cast, Item};
use crate::onboarding;

/// How often they look.
const EVERY: Duration = Duration::from_secs(1);
/// What one buyer may take of a product until they look again.
const EACH: i64 = 10;

/// Fills the shelf whenever there might be too little for so many buyers. It never ends.
pub async fn keep_full(cast: &Cast, buyers: u64) -> anyhow::Result<Infallible> {
    loop {
        fill(cast, buyers).await?;
        tokio::time::sleep(EVERY).await;
    }
}

/// Brings in what is missing to enough of each product, and as much again.
pub async fn fill(cast: &Cast, buyers: u64) -> anyhow::Result<()> {
    let enough = EACH * i64::try_from(buyers)?;
    for Item { seller, sku, .. } in cast.items() {
        let stock =
            seller.person.get(&format!("/v1/vendors/{}/stock/{sku}", seller.vendor)).await?;
        let there = stock["available"].as_i64().unwrap_or(0);
        if there < enough {
            onboarding::stock(&seller.person, &seller.vendor, &sku, 2 * enough - there).await?;
        }
    }
    Ok(())
}

//! The stories, chapter by chapter: what happens, who does it, how it ends.

pub mod by_hand;
pub mod cancelling;
pub mod door;
pub mod paid_out;
pub mod paying;
pub mod provider;
pub mod refunds;
pub mod refusing;
pub mod returns;
pub mod terms;
pub mod waiting;
pub mod without_order;
pub mod without_payment;
pub mod year_end;

use serde_json::json;

use super::cast::Cast;
use super::purchase::Purchase;
use crate::journey::Method;

/// What the people of a story did.
type Played = anyhow::Result<Purchase>;

const REASON: &str = "The last one is chipped.";

async fn reject(bought: &Purchase, part: usize) -> anyhow::Result<()> {
    bought.seller_does(part, "reject", json!({ "reason": REASON })).await.map(drop)
}

/// Part `part` goes to the door, and its seller reports the cash.
async fn deliver_for_cash(bought: &Purchase, part: usize) -> anyhow::Result<()> {
    bought.deliver(part).await?;
    bought.seller_does(part, "cod-collected", json!({})).await.map(drop)
}

/// The buyer does not take part `part`, and it comes back as it was.
async fn turn_away(bought: &Purchase, part: usize) -> anyhow::Result<()> {
    bought.ship(part).await?;
    bought.seller_does(part, "turned-away", json!({})).await?;
    bought.seller_does(part, "came-back", json!({ "condition": "resellable" })).await.map(drop)
}

/// A paid order, confirmed.
async fn paid(cast: &Cast) -> Played {
    Purchase::confirmed(cast, Method::Upi).await
}

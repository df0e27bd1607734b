//! What the people of the stories do.

use reqwest::{Method as Verb, StatusCode};
use serde_json::json;

use super::acts::Till;
use super::cast::{Cast, TOTAL};
use super::purchase::Purchase;
use crate::journey::{Method, buy};

type Played = anyhow::Result<Purchase>;

pub async fn delivered(cast: &Cast, method: Method) -> Played {
    let bought = Purchase::confirmed(cast, method).await?;
    for part in 0..3 {
        deliver(cast, &bought, part, method).await?;
    }
    Ok(bought)
}

async fn deliver(
    cast: &Cast,
    bought: &Purchase,
    part: usize,
    method: Method,
) -> anyhow::Result<()> {
    bought.deliver(cast, part).await?;
    if method == Method::Cod {
        bought.seller_does(cast, part, "cod-collected", json!({})).await?;
    }
    Ok(())
}

pub async fn paid_twice(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.plan(json!({ "second": "captured" })).await?;
    till.pay(json!({ "outcome": "captured" })).await?;
    till.pay(json!({ "outcome": "captured" })).await?;
    Ok(bought)
}

pub async fn wrong_then_right(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay_amount(100).await?;
    till.pay_amount(TOTAL).await?;
    Ok(bought)
}

pub async fn cancelled_then_paid(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    bought.ask("cancel", json!({})).await?;
    buy::reach(&bought.buyer, &bought.checkout, "cancelled").await?;
    Till::of(cast, &bought).pay(json!({ "outcome": "captured" })).await?;
    Ok(bought)
}

pub async fn cancelled_whole(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    bought.ask("cancel", json!({})).await?;
    Ok(bought)
}

pub async fn cancelled_part(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    let part = bought.part(cast, 2).await?;
    bought.ask(&format!("parts/{part}/cancel"), json!({})).await?;
    Ok(bought)
}

pub async fn cancelled_piece(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    bought.seller_does(cast, 0, "accept", json!({})).await?;
    let part = bought.part(cast, 0).await?;
    let lines = json!({ "lines": [{ "position": 0, "quantity": 1 }] });
    bought.ask(&format!("parts/{part}/cancel"), lines).await?;
    Ok(bought)
}

pub async fn too_late_to_cancel(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    let parcel = json!({ "carrier": "India Post", "tracking_number": "EE123456789IN" });
    bought.seller_does(cast, 0, "accept", json!({})).await?;
    bought.seller_does(cast, 0, "pack", json!({})).await?;
    bought.seller_does(cast, 0, "ship", parcel).await?;
    let part = bought.part(cast, 0).await?;
    let path = format!("/v1/orders/{}/parts/{part}/cancel", bought.order);
    let answer = bought.buyer.send(Verb::POST, &path, Some(json!({})), None).await?;
    anyhow::ensure!(answer.status() == StatusCode::CONFLICT, "it answers {}", answer.status());
    Ok(bought)
}

pub async fn rejected_part(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    reject(cast, &bought, 1).await?;
    Ok(bought)
}

async fn reject(cast: &Cast, bought: &Purchase, part: usize) -> anyhow::Result<()> {
    let reason = json!({ "reason": "The last one is chipped." });
    bought.seller_does(cast, part, "reject", reason).await.map(drop)
}

pub async fn rejected_whole(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    for part in 0..3 {
        reject(cast, &bought, part).await?;
    }
    Ok(bought)
}

pub async fn cod_part_rejected(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Cod).await?;
    reject(cast, &bought, 0).await?;
    for part in 1..3 {
        deliver(cast, &bought, part, Method::Cod).await?;
    }
    Ok(bought)
}

pub async fn with_plan(cast: &Cast, answer: &str) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    let plan = json!({ "refund": { "answer": answer, "times": 1 } });
    Till::of(cast, &bought).plan(plan).await?;
    reject(cast, &bought, 1).await?;
    Ok(bought)
}

pub async fn refund_takes_its_time(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.plan(json!({ "refund": { "answer": "pending", "times": 1 } })).await?;
    reject(cast, &bought, 1).await?;
    till.settle("processed").await?;
    Ok(bought)
}

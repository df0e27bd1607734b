//! payment-service is away for an hour.

use super::super::acts::Till;
use super::super::cast::Cast;
use super::super::ends::{self, Ends};
use super::super::known::{BACK, CANCELLED, CHANGED, CONFIRMED, FIRST_BACK, REJECTED_PART, YES};
use super::super::purchase::{Basket, Purchase};
use super::super::{Scenario, Setting};
use super::{Played, paid, reject};
use crate::journey::Method;
use crate::onboarding;
use jiff::SignedDuration;
use serde_json::json;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 18,
        name: "cod-cancelled-at-once",
        happens: "Cash on delivery: the buyer cancels before anybody could agree to take cash.",
        setting: Setting::Without("payment"),
        play: |cast| Box::pin(cod_cancelled_at_once(cast)),
        ends: &[CANCELLED],
    },
    Scenario {
        id: 19,
        name: "cod-unanswered",
        happens: "Cash on delivery: payment-service is away for longer than the buyer has to pay.",
        setting: Setting::Without("payment"),
        play: |cast| Box::pin(cod_unanswered(cast)),
        ends: &[CANCELLED],
    },
    Scenario {
        id: 30,
        name: "paid-and-gone",
        happens: "The buyer pays, and we hear of it when nothing is held any more and the first seller has none left.",
        setting: Setting::Without("payment"),
        play: |cast| Box::pin(paid_and_gone(cast)),
        ends: &[Ends {
            parts: &["unavailable", "confirmed", "confirmed"],
            mails: &[YES, CHANGED, BACK],
            ..FIRST_BACK
        }],
    },
    Scenario {
        id: 59,
        name: "an-hour-without-payment",
        happens: "payment-service is away for an hour: two orders each that nobody pays, that are paid meanwhile, that begin meanwhile by cash and by UPI, and that a seller rejects meanwhile.",
        setting: Setting::Without("payment"),
        play: |cast| Box::pin(an_hour_without(cast)),
        ends: &[REJECTED_PART],
    },
];

async fn cod_cancelled_at_once(cast: &Cast) -> Played {
    let basket = Basket::fill(cast, &cast.items()).await?;
    cast.prompter.away("payment").await?;
    let mut bought = basket.check_out(Method::Cod).await?;
    bought.placed().await?;
    bought.reach("awaiting_cod_ok").await?;
    bought.ask("cancel", json!({})).await?;
    cast.prompter.back("payment").await?;
    Ok(bought)
}

async fn cod_unanswered(cast: &Cast) -> Played {
    let basket = Basket::fill(cast, &cast.items()).await?;
    cast.prompter.away("payment").await?;
    let mut bought = basket.check_out(Method::Cod).await?;
    bought.placed().await?;
    bought.reach("awaiting_cod_ok").await?;
    cast.pass(SignedDuration::from_mins(16)).await?;
    cast.prompter.back("payment").await?;
    Ok(bought)
}

async fn paid_and_gone(cast: &Cast) -> Played {
    let jug = cast.offer(&cast.sellers[0], 49_900, 1_800, 3, 3).await?;
    let items = [jug.clone(), cast.item(1), cast.item(2)];
    let bought = Purchase::begin_with(cast, &items, Method::Upi).await?;
    cast.prompter.away("payment").await?;
    Till::of(cast, &bought).pay(json!({ "outcome": "captured" })).await?;
    cast.pass(SignedDuration::from_mins(22)).await?;
    let (seller, vendor) = (&jug.seller.person, &jug.seller.vendor);
    // As soon as they are held no longer.
    cast.available(&jug).await?;
    onboarding::stock(seller, vendor, &jug.sku, -3).await?;
    cast.prompter.back("payment").await?;
    Ok(bought)
}

async fn an_hour_without(cast: &Cast) -> Played {
    let mut ends: Vec<(Purchase, Ends)> = Vec::new();
    let (mut unpaid, mut sold, mut baskets) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 {
        ends.push((Purchase::begin(cast, Method::Upi).await?, CANCELLED));
        unpaid.push(Purchase::begin(cast, Method::Upi).await?);
        sold.push(paid(cast).await?);
        baskets.push((Basket::fill(cast, &cast.items()).await?, Method::Cod));
        baskets.push((Basket::fill(cast, &cast.items()).await?, Method::Upi));
    }
    cast.prompter.away("payment").await?;
    for bought in unpaid {
        Till::of(cast, &bought).pay(json!({ "outcome": "captured" })).await?;
        ends.push((bought, CONFIRMED));
    }
    for bought in sold {
        reject(&bought, 1).await?;
        ends.push((bought, REJECTED_PART));
    }
    for (basket, method) in baskets {
        let mut bought = basket.check_out(method).await?;
        bought.placed().await?;
        ends.push((bought, CANCELLED));
    }
    cast.pass(SignedDuration::from_mins(60)).await?;
    cast.prompter.back("payment").await?;
    let (last, _) = ends.get(5).cloned().ok_or_else(|| anyhow::anyhow!("ten orders"))?;
    for (bought, end) in ends {
        ends::wait(cast, &bought, &[end]).await?;
    }
    Ok(last)
}

//! Money comes: once, twice, too little, by nobody.

use super::super::acts::Till;
use super::super::cast::{Cast, Item, TOTAL};
use super::super::ends::Ends;
use super::super::known::{ALL_BACK, BACK, CAME_TOO_LATE, CONFIRMED, SURPLUS, YES};
use super::super::purchase::{Basket, Purchase};
use super::super::{Scenario, Setting};
use super::Played;
use crate::journey::Method;
use reqwest::StatusCode;
use serde_json::json;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 10,
        name: "paid-twice",
        happens: "The buyer pays twice, and the provider takes both.",
        setting: Setting::Together,
        play: |cast| Box::pin(paid_twice(cast)),
        ends: &[Ends { refunds: &[(434_500, "done")], mails: &[YES, SURPLUS, BACK], ..CONFIRMED }],
    },
    Scenario {
        id: 11,
        name: "provider-gives-back",
        happens: "The buyer pays twice, and the provider gives the second back by itself.",
        setting: Setting::Together,
        play: |cast| Box::pin(provider_gives_back(cast)),
        ends: &[CONFIRMED],
    },
    Scenario {
        id: 13,
        name: "wrong-then-right",
        happens: "One rupee comes, then the right amount.",
        setting: Setting::Together,
        play: |cast| Box::pin(wrong_then_right(cast)),
        ends: &[Ends { refunds: &[(100, "done")], mails: &[YES, SURPLUS, BACK], ..CONFIRMED }],
    },
    Scenario {
        id: 16,
        name: "cancelled-then-paid",
        happens: "The buyer cancels, then pays by the old link.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_then_paid(cast)),
        ends: &[CAME_TOO_LATE],
    },
    Scenario {
        id: 17,
        name: "cancelled-while-paid",
        happens: "The buyer cancels while the money is under way; it comes, and goes back.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_while_paid(cast)),
        ends: &[Ends { parts: &["buyer_cancelled"; 3], ..ALL_BACK }],
    },
    Scenario {
        id: 20,
        name: "over-the-limit",
        happens: "More than 50 000 rupees in cash, more than a lakh by UPI: the till says no.",
        setting: Setting::Together,
        play: |cast| Box::pin(over_the_limit(cast)),
        ends: &[Ends {
            order: "none",
            parts: &[],
            books: &[],
            stock: &[],
            papers: [0, 0],
            refunds: &[],
            mails: &[],
        }],
    },
];

async fn paid_twice(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.plan(json!({ "second": "captured" })).await?;
    till.pay(json!({ "outcome": "captured" })).await?;
    till.pay(json!({ "outcome": "captured" })).await?;
    Ok(bought)
}

async fn provider_gives_back(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay(json!({ "outcome": "captured" })).await?;
    till.pay(json!({ "outcome": "captured" })).await?;
    Ok(bought)
}

async fn wrong_then_right(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay_amount(100).await?;
    till.pay_amount(TOTAL).await?;
    Ok(bought)
}

async fn cancelled_then_paid(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    bought.ask("cancel", json!({})).await?;
    bought.reach("cancelled").await?;
    Till::of(cast, &bought).pay(json!({ "outcome": "captured" })).await?;
    Ok(bought)
}

/// The provider knows of the money and has not said so.
async fn cancelled_while_paid(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    Till::of(cast, &bought).pay_unheard().await?;
    bought.ask("cancel", json!({})).await?;
    Ok(bought)
}

async fn over_the_limit(cast: &Cast) -> Played {
    let lamps = |quantity| Item { quantity, ..cast.item(1) };
    refused_at_the_till(cast, lamps(39), Method::Cod).await?;
    refused_at_the_till(cast, lamps(77), Method::Upi).await
}

async fn refused_at_the_till(cast: &Cast, item: Item, method: Method) -> Played {
    let basket = Basket::fill(cast, &[item]).await?;
    let (status, problem) = basket.try_check_out(method).await?;
    anyhow::ensure!(status == StatusCode::CONFLICT, "it answers {status}");
    let kind = problem["type"].as_str().unwrap_or_default();
    anyhow::ensure!(kind.ends_with("cart/method-limit"), "it says {problem}");
    Ok(basket.nothing())
}

//! What happens between the till and the order: order-service is away, and hears of a checkout when something has changed.

use super::super::cast::{Cast, Item};
use super::super::ends::Ends;
use super::super::known::REJECTED;
use super::super::purchase::Basket;
use super::super::{Scenario, Setting};
use super::Played;
use crate::journey::Method;
use crate::onboarding;
use crate::reporter::{PATIENCE, until};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Older than this nobody stands at the till any more.
const STALE: SignedDuration = SignedDuration::from_mins(31);

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 3,
        name: "out-of-stock",
        happens: "One seller of three writes its pieces off before they are held.",
        setting: Setting::Without("order"),
        play: |cast| Box::pin(out_of_stock(cast)),
        ends: &[REJECTED],
    },
    Scenario {
        id: 4,
        name: "price-changed",
        happens: "One seller of three changes its price before the pieces are held.",
        setting: Setting::Without("order"),
        play: |cast| Box::pin(price_changed(cast)),
        ends: &[REJECTED],
    },
    Scenario {
        id: 5,
        name: "taken-off-the-shelf",
        happens: "One seller is suspended and another's product unlisted before the pieces are held.",
        setting: Setting::Without("order"),
        play: |cast| Box::pin(taken_off_the_shelf(cast)),
        ends: &[Ends { parts: &["cancelled"; 2], stock: &[[0, 0, 0]; 2], ..REJECTED }],
    },
    Scenario {
        id: 21,
        name: "heard-too-late",
        happens: "A checkout to pay at the door is heard 31 minutes late.",
        setting: Setting::Without("order"),
        play: |cast| Box::pin(heard_too_late(cast)),
        ends: &[REJECTED],
    },
];

/// A checkout that order-service hears of after `meanwhile`.
async fn unheard(
    cast: &Cast,
    items: &[Item],
    meanwhile: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> Played {
    let basket = Basket::fill(cast, items).await?;
    cast.prompter.away("order").await?;
    cast.pass(STALE).await?;
    let mut bought = basket.check_out(Method::Upi).await?;
    meanwhile().await?;
    cast.prompter.back("order").await?;
    bought.placed().await?;
    cart_is_back(&bought.buyer).await?;
    Ok(bought)
}

async fn cart_is_back(buyer: &crate::person::Person) -> anyhow::Result<()> {
    until(PATIENCE, "the cart is back", async || {
        let cart: Value = buyer.get("/v1/cart").await?;
        let sellers = cart["sellers"].as_array().is_some_and(|sellers| !sellers.is_empty());
        Ok(sellers.then_some(()))
    })
    .await
}

async fn out_of_stock(cast: &Cast) -> Played {
    let jug = cast.offer(&cast.sellers[0], 49_900, 1_800, 3, 3).await?;
    let items = [jug.clone(), cast.item(1), cast.item(2)];
    unheard(cast, &items, async || {
        onboarding::stock(&jug.seller.person, &jug.seller.vendor, &jug.sku, -3).await
    })
    .await
}

async fn price_changed(cast: &Cast) -> Played {
    let jug = cast.offer(&cast.sellers[0], 49_900, 1_800, 10, 3).await?;
    let items = [jug.clone(), cast.item(1), cast.item(2)];
    unheard(cast, &items, async || {
        let path = format!("/v1/vendors/{}/prices/{}", jug.seller.vendor, jug.sku);
        let price = json!({ "price": onboarding::inr(59_900) });
        jug.seller.person.put(&path, price).await.map(drop)
    })
    .await
}

async fn taken_off_the_shelf(cast: &Cast) -> Played {
    let guest = cast.guest(0).await?;
    let items = [
        cast.offer(&guest, 11_800, 1_800, 10, 1).await?,
        cast.offer(&cast.sellers[1], 11_800, 1_800, 10, 1).await?,
    ];
    unheard(cast, &items, async || {
        cast.decide(&format!("vendors/{}", guest.vendor), "suspend").await?;
        cast.decide(&format!("products/{}", items[1].product), "suspend").await
    })
    .await
}

async fn heard_too_late(cast: &Cast) -> Played {
    let basket = Basket::fill(cast, &cast.items()).await?;
    cast.prompter.away("order").await?;
    let mut bought = basket.check_out(Method::Cod).await?;
    cast.pass(STALE).await?;
    cast.prompter.back("order").await?;
    bought.placed().await?;
    cart_is_back(&bought.buyer).await?;
    Ok(bought)
}

//! Sellers and staff say no.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{
    ALL_BACK, BACK, CASH_WITHOUT_FIRST, CHANGED, CONFIRMED, HERE, REJECTED_PART, SENT, YES,
};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting};
use super::{Played, deliver_for_cash, paid, reject};
use crate::journey::Method;
use jiff::SignedDuration;
use serde_json::json;

/// So long after a suspension what was not shipped is taken back: a day, and what it takes to hear of it.
const SUSPENDED: SignedDuration = SignedDuration::from_mins(24 * 60 + 5);

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 26,
        name: "rejected-part",
        happens: "The second seller cannot supply its part.",
        setting: Setting::Together,
        play: |cast| Box::pin(rejected_part(cast)),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 27,
        name: "rejected-whole",
        happens: "All three sellers reject their parts.",
        setting: Setting::Together,
        play: |cast| Box::pin(rejected_whole(cast)),
        ends: &[Ends { parts: &["vendor_rejected"; 3], ..ALL_BACK }],
    },
    Scenario {
        id: 55,
        name: "seller-suspended",
        happens: "A seller is suspended: a day later what it has not shipped is cancelled, and what it has shipped arrives.",
        setting: Setting::Timed,
        play: |cast| Box::pin(seller_suspended(cast)),
        ends: &[Ends {
            parts: &["staff_cancelled"],
            stock: &[[0, 0, 0]],
            papers: [1, 1],
            refunds: &[(11_800, "done")],
            mails: &[YES, CHANGED, BACK],
            books: &[],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 60,
        name: "cod-part-rejected",
        happens: "Cash on delivery: the first seller rejects, the others deliver and take the cash.",
        setting: Setting::Together,
        play: |cast| Box::pin(cod_part_rejected(cast)),
        ends: &[Ends {
            parts: &["vendor_rejected", "delivered", "delivered"],
            books: CASH_WITHOUT_FIRST,
            stock: &[[0, 0, 0], [-2, 0, 2], [-1, 0, 1]],
            papers: [3, 1],
            mails: &[YES, CHANGED, SENT, SENT, HERE, HERE],
            ..CONFIRMED
        }],
    },
];

async fn rejected_part(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    reject(&bought, 1).await?;
    Ok(bought)
}

async fn rejected_whole(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    for part in 0..3 {
        reject(&bought, part).await?;
    }
    Ok(bought)
}

async fn cod_part_rejected(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Cod).await?;
    reject(&bought, 0).await?;
    for part in 1..3 {
        deliver_for_cash(&bought, part).await?;
    }
    Ok(bought)
}

async fn seller_suspended(cast: &Cast) -> Played {
    let guest = cast.guest(0).await?;
    let item = cast.offer(&guest, 11_800, 1_800, 10, 1).await?;
    let items = std::slice::from_ref(&item);
    let open = Purchase::confirmed_with(cast, items, Method::Upi).await?;
    let on_its_way = Purchase::confirmed_with(cast, items, Method::Upi).await?;
    on_its_way.ship(0).await?;
    // Accepted, it has three days to be shipped, so that its own time is not over first.
    open.seller_does(0, "accept", json!({})).await?;
    cast.decide(&format!("vendors/{}", guest.vendor), "suspend").await?;
    cast.pass(SUSPENDED).await?;
    on_its_way.seller_does(0, "deliver", json!({})).await?;
    Ok(open)
}

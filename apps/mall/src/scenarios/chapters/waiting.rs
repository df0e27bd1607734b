//! Time passes: for buyers, sellers, banks.

use super::super::acts::Till;
use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{
    BACK, CAME_TOO_LATE, CANCELLED, CHANGED, CONFIRMED, FIRST_BACK, HERE, NO, SENT, SURPLUS, YES,
};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting, staff};
use super::{Played, paid};
use crate::journey::Method;
use jiff::SignedDuration;
use serde_json::json;

/// So long after a checkout the buyer's time is nearly over.
const NEARLY: SignedDuration = SignedDuration::from_secs(14 * 60 + 20);
/// So long after it, it is over.
const OVER: SignedDuration = SignedDuration::from_secs(15 * 60 + 30);

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 6,
        name: "nobody-pays",
        happens: "Nobody pays for fifteen minutes.",
        setting: Setting::Timed,
        play: |cast| Box::pin(nobody_pays(cast)),
        ends: &[CANCELLED],
    },
    Scenario {
        id: 7,
        name: "paid-at-the-last-moment",
        happens: "The buyer pays in the last minute, and the provider's word of it is lost; we ask before we give up.",
        setting: Setting::Timed,
        play: |cast| Box::pin(paid_at_the_last_moment(cast)),
        ends: &[CONFIRMED],
    },
    Scenario {
        id: 9,
        name: "bank-says-yes-late",
        happens: "The bank says no, and two days later yes; nobody tells us, we ask after three.",
        setting: Setting::Timed,
        play: |cast| Box::pin(bank_says_yes_late(cast)),
        ends: &[CAME_TOO_LATE],
    },
    Scenario {
        id: 12,
        name: "wrong-and-over",
        happens: "One rupee comes, and nothing more in fifteen minutes.",
        setting: Setting::Timed,
        play: |cast| Box::pin(wrong_and_over(cast)),
        ends: &[Ends { refunds: &[(100, "done")], mails: &[NO, SURPLUS, BACK], ..CANCELLED }],
    },
    Scenario {
        id: 15,
        name: "right-number-in-dollars",
        happens: "The right number comes, in US dollars; staff cannot accept it, and nothing more comes in fifteen minutes.",
        setting: Setting::Timed,
        play: |cast| Box::pin(right_number_in_dollars(cast)),
        ends: &[Ends {
            refunds: &[(434_500, "USD done")],
            mails: &[NO, SURPLUS, BACK],
            ..CANCELLED
        }],
    },
    Scenario {
        id: 28,
        name: "not-accepted",
        happens: "The first seller does not accept within a day; the others do.",
        setting: Setting::Timed,
        play: |cast| Box::pin(not_accepted(cast)),
        ends: &[Ends { parts: &["sla_expired", "accepted", "accepted"], ..FIRST_BACK }],
    },
    Scenario {
        id: 29,
        name: "not-shipped",
        happens: "The first seller packs and does not ship within three days; the others deliver.",
        setting: Setting::Timed,
        play: |cast| Box::pin(not_shipped(cast)),
        ends: &[Ends {
            parts: &["sla_expired", "delivered", "delivered"],
            stock: &[[0, 0, 0], [-2, 0, 2], [-1, 0, 1]],
            mails: &[YES, SENT, SENT, HERE, HERE, CHANGED, BACK],
            ..FIRST_BACK
        }],
    },
];

async fn nobody_pays(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    cast.pass(OVER).await?;
    Ok(bought)
}

async fn paid_at_the_last_moment(cast: &Cast) -> Played {
    let over = cast.after(OVER)?;
    let nearly = cast.after(NEARLY)?;
    let bought = Purchase::begin(cast, Method::Upi).await?;
    cast.prompter.time(nearly).await?;
    Till::of(cast, &bought).pay_unheard().await?;
    cast.prompter.time(over).await?;
    Ok(bought)
}

async fn bank_says_yes_late(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay(json!({ "outcome": "failed" })).await?;
    cast.pass(OVER).await?;
    bought.reach("cancelled").await?;
    let three_days = cast.after(SignedDuration::from_hours(73))?;
    cast.pass(SignedDuration::from_hours(48)).await?;
    till.pay_unheard().await?;
    cast.prompter.time(three_days).await?;
    Ok(bought)
}

async fn wrong_and_over(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    Till::of(cast, &bought).pay_amount(100).await?;
    cast.pass(OVER).await?;
    Ok(bought)
}

async fn right_number_in_dollars(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay(json!({ "outcome": "captured", "currency": "USD" })).await?;
    staff::cannot_accept(cast, &bought.payment, &till.capture().await?).await?;
    cast.pass(OVER).await?;
    Ok(bought)
}

async fn not_accepted(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    for part in 1..3 {
        bought.seller_does(part, "accept", json!({})).await?;
    }
    cast.pass(SignedDuration::from_mins(24 * 60 + 5)).await?;
    Ok(bought)
}

async fn not_shipped(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    for verb in ["accept", "pack"] {
        bought.seller_does(0, verb, json!({})).await?;
    }
    for part in 1..3 {
        bought.deliver(part).await?;
    }
    cast.pass(SignedDuration::from_mins(72 * 60 + 5)).await?;
    Ok(bought)
}

//! Parcels that do not stay where they went.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{
    BACK, CASH_WITHOUT_FIRST, CHANGED, CONFIRMED, FIRST_BACK, HERE, REJECTED_PART, SENT,
    WITHOUT_THIRD, YES,
};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting};
use super::{Played, deliver_for_cash, paid, turn_away};
use crate::journey::Method;
use reqwest::{Method as Verb, StatusCode};
use serde_json::json;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 31,
        name: "refused-at-the-door",
        happens: "The buyer has paid and does not take the first part; it comes back as it was.",
        setting: Setting::Together,
        play: |cast| Box::pin(refused_at_the_door(cast, 0)),
        ends: &[Ends {
            parts: &["rto_received", "confirmed", "confirmed"],
            mails: &[YES, SENT, CHANGED, BACK],
            ..FIRST_BACK
        }],
    },
    Scenario {
        id: 32,
        name: "lost-on-the-way",
        happens: "The carrier loses the second part, and staff say so at once.",
        setting: Setting::Together,
        play: |cast| Box::pin(lost_on_the_way(cast)),
        ends: &[Ends {
            parts: &["confirmed", "lost", "confirmed"],
            stock: &[[-3, 3, 0], [-2, 0, 0], [-1, 1, 0]],
            mails: &[YES, SENT, CHANGED, BACK],
            ..REJECTED_PART
        }],
    },
    Scenario {
        id: 33,
        name: "cod-refused-at-the-door",
        happens: "Cash on delivery: the buyer does not take the first part and pays for the others.",
        setting: Setting::Together,
        play: |cast| Box::pin(cod_refused_at_the_door(cast)),
        ends: &[COD_REFUSED],
    },
    Scenario {
        id: 34,
        name: "cash-for-nothing",
        happens: "As before; the first seller reports cash all the same, and is told that there is none.",
        setting: Setting::Together,
        play: |cast| Box::pin(cash_for_nothing(cast)),
        ends: &[COD_REFUSED],
    },
    Scenario {
        id: 52,
        name: "enrolled-part-back",
        happens: "The buyer does not take the part of the third seller, who is enrolled and charges no tax.",
        setting: Setting::Together,
        play: |cast| Box::pin(refused_at_the_door(cast, 2)),
        ends: &[Ends {
            parts: &["confirmed", "confirmed", "rto_received"],
            books: WITHOUT_THIRD,
            stock: &[[-3, 3, 0], [-2, 2, 0], [0, 0, 0]],
            papers: [3, 1],
            refunds: &[(25_000, "done")],
            mails: &[YES, SENT, CHANGED, BACK],
            ..CONFIRMED
        }],
    },
];

const COD_REFUSED: Ends = Ends {
    parts: &["rto_received", "delivered", "delivered"],
    books: CASH_WITHOUT_FIRST,
    stock: &[[0, 0, 0], [-2, 0, 2], [-1, 0, 1]],
    papers: [3, 1],
    mails: &[YES, SENT, SENT, SENT, HERE, HERE, CHANGED],
    ..CONFIRMED
};

async fn refused_at_the_door(cast: &Cast, part: usize) -> Played {
    let bought = paid(cast).await?;
    turn_away(&bought, part).await?;
    Ok(bought)
}

async fn lost_on_the_way(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.ship(1).await?;
    let part = bought.part(1).await?;
    let reason = json!({ "reason": "The carrier says so." });
    cast.staff.post(&format!("/v1/admin/orders/{part}/lost"), reason).await?;
    Ok(bought)
}

async fn cod_refused_at_the_door(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Cod).await?;
    turn_away(&bought, 0).await?;
    for part in 1..3 {
        deliver_for_cash(&bought, part).await?;
    }
    Ok(bought)
}

async fn cash_for_nothing(cast: &Cast) -> Played {
    let bought = cod_refused_at_the_door(cast).await?;
    let (seller, part) = (&bought.sellers[0], bought.part(0).await?);
    let path = format!("/v1/vendors/{}/orders/{part}/cod-collected", seller.vendor);
    let answer = seller.person.send(Verb::POST, &path, Some(json!({})), None).await?;
    anyhow::ensure!(answer.status() == StatusCode::CONFLICT, "it answers {}", answer.status());
    Ok(bought)
}

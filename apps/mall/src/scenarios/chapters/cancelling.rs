//! The buyer does not want it any more.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{
    ALL_BACK, BACK, CHANGED, CONFIRMED, FIRST_BACK, ONE_PIECE_BACK, SENT, WITHOUT_SECOND,
    WITHOUT_THIRD, YES,
};
use super::super::{Scenario, Setting};
use super::{Played, REASON, paid, reject};
use reqwest::{Method as Verb, StatusCode};
use serde_json::json;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 22,
        name: "cancelled-whole",
        happens: "The buyer cancels a paid order before any seller accepts.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_whole(cast)),
        ends: &[Ends { parts: &["buyer_cancelled"; 3], ..ALL_BACK }],
    },
    Scenario {
        id: 23,
        name: "cancelled-part",
        happens: "The buyer cancels the part of the third seller.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_part(cast)),
        ends: &[Ends {
            parts: &["confirmed", "confirmed", "buyer_cancelled"],
            books: WITHOUT_THIRD,
            stock: &[[-3, 3, 0], [-2, 2, 0], [0, 0, 0]],
            papers: [3, 1],
            refunds: &[(25_000, "done")],
            mails: &[YES, CHANGED, BACK],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 24,
        name: "cancelled-piece",
        happens: "The first seller accepts; the buyer cancels one piece of three.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_piece(cast)),
        ends: &[Ends {
            parts: &["accepted", "confirmed", "confirmed"],
            books: ONE_PIECE_BACK,
            stock: &[[-2, 2, 0], [-2, 2, 0], [-1, 1, 0]],
            papers: [3, 1],
            refunds: &[(49_900, "done")],
            mails: &[YES, CHANGED, BACK],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 25,
        name: "too-late-to-cancel",
        happens: "The first seller has shipped; the buyer asks to cancel its part and is told that it is too late.",
        setting: Setting::Together,
        play: |cast| Box::pin(too_late_to_cancel(cast)),
        ends: &[Ends {
            parts: &["shipped", "confirmed", "confirmed"],
            stock: &[[-3, 0, 3], [-2, 2, 0], [-1, 1, 0]],
            mails: &[YES, SENT],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 48,
        name: "cancelled-and-rejected",
        happens: "The buyer cancels two pieces of three while the first seller rejects all of them.",
        setting: Setting::Together,
        play: |cast| Box::pin(cancelled_and_rejected(cast)),
        ends: &[
            Ends { parts: REJECTED_FIRST, ..FIRST_BACK },
            Ends {
                parts: REJECTED_FIRST,
                papers: [3, 2],
                refunds: &[(49_900, "done"), (99_800, "done")],
                mails: &[YES, CHANGED, CHANGED, BACK, BACK],
                ..FIRST_BACK
            },
        ],
    },
    Scenario {
        id: 56,
        name: "buyer-erased",
        happens: "The buyer erases the account; then the second seller rejects.",
        setting: Setting::Together,
        play: |cast| Box::pin(buyer_erased(cast)),
        ends: &[Ends {
            parts: &["confirmed", "vendor_rejected", "confirmed"],
            books: WITHOUT_SECOND,
            stock: &[[-3, 3, 0], [0, 0, 0], [-1, 1, 0]],
            papers: [3, 1],
            refunds: &[(259_800, "done")],
            ..CONFIRMED
        }],
    },
];

const REJECTED_FIRST: &[&str] = &["vendor_rejected", "confirmed", "confirmed"];

async fn cancelled_whole(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.ask("cancel", json!({})).await?;
    Ok(bought)
}

async fn cancelled_part(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    let part = bought.part(2).await?;
    bought.ask(&format!("parts/{part}/cancel"), json!({})).await?;
    Ok(bought)
}

async fn cancelled_piece(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.seller_does(0, "accept", json!({})).await?;
    let part = bought.part(0).await?;
    let lines = json!({ "lines": [{ "position": 0, "quantity": 1 }] });
    bought.ask(&format!("parts/{part}/cancel"), lines).await?;
    Ok(bought)
}

async fn too_late_to_cancel(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.ship(0).await?;
    let part = bought.part(0).await?;
    let path = format!("/v1/orders/{}/parts/{part}/cancel", bought.order);
    let answer = bought.buyer.send(Verb::POST, &path, Some(json!({})), None).await?;
    anyhow::ensure!(answer.status() == StatusCode::CONFLICT, "it answers {}", answer.status());
    Ok(bought)
}

async fn cancelled_and_rejected(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    let part = bought.part(0).await?;
    let lines = json!({ "lines": [{ "position": 0, "quantity": 2 }] });
    let path = format!("/v1/orders/{}/parts/{part}/cancel", bought.order);
    let key = kernel::EventId::new().to_string();
    let cancel = bought.buyer.send(Verb::POST, &path, Some(lines), Some(&key));
    let (cancelled, rejected) = tokio::join!(cancel, reject(&bought, 0));
    rejected?;
    let status = cancelled?.status();
    anyhow::ensure!(
        [StatusCode::OK, StatusCode::CONFLICT].contains(&status),
        "it answers {status}"
    );
    Ok(bought)
}

async fn buyer_erased(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    let part = bought.part(1).await?;
    // The confirmation goes out before nobody is there any more to read it.
    bought.mail(cast, YES).await?;
    let answer = bought.buyer.send(Verb::DELETE, "/v1/me", None, None).await?;
    anyhow::ensure!(answer.status().is_success(), "it answers {}", answer.status());
    bought.seller_does_to(1, &part, "reject", json!({ "reason": REASON })).await?;
    Ok(bought)
}

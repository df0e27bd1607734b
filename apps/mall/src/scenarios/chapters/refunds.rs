//! What can become of money on its way back.

use super::super::acts::Till;
use super::super::cast::{Cast, Item};
use super::super::ends::Ends;
use super::super::known::{BACK, CHANGED, CONFIRMED, DELAYED, HERE, REJECTED_PART, SENT, YES};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting};
use super::{Played, paid, reject};
use crate::journey::Method;
use crate::onboarding::inr;
use jiff::SignedDuration;
use serde_json::json;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 43,
        name: "refund-without-balance",
        happens: "The second seller rejects; we have too little at the provider to give the money back, two hours later enough.",
        setting: Setting::Timed,
        play: |cast| Box::pin(refund_later(cast, "no_balance", SignedDuration::from_mins(123))),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 44,
        name: "refund-fails-once",
        happens: "The second seller rejects; the provider takes the refund on, fails, and does it at the second attempt.",
        setting: Setting::Timed,
        play: |cast| Box::pin(refund_later(cast, "failed_later", SignedDuration::from_mins(2))),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 45,
        name: "refund-hangs",
        happens: "The second seller rejects, the others deliver; the bank says nothing about the refund for ten days.",
        setting: Setting::Timed,
        play: |cast| Box::pin(refund_hangs(cast)),
        ends: &[Ends {
            parts: &["completed", "vendor_rejected", "completed"],
            books: &[
                ("psp_clearing", 174_700),
                ("vendor_payable_available 1", -131_274),
                ("vendor_payable_available 3", -22_025),
                ("commission_income", -17_470),
                ("output_gst", -3_145),
                ("tcs_payable", -634),
                ("tds_payable", -152),
            ],
            stock: &[[-3, 0, 3], [0, 0, 0], [-1, 0, 1]],
            refunds: &[(259_800, "accepted")],
            mails: &[YES, CHANGED, SENT, SENT, HERE, HERE],
            ..REJECTED_PART
        }],
    },
    Scenario {
        id: 46,
        name: "refund-takes-its-time",
        happens: "The second seller rejects; the bank decides on the refund later.",
        setting: Setting::Together,
        play: |cast| Box::pin(refund_takes_its_time(cast)),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 47,
        name: "refund-answer-lost",
        happens: "The second seller rejects; the provider gives the money back, and its answer is lost.",
        setting: Setting::Together,
        play: |cast| Box::pin(answer_lost(cast)),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 49,
        name: "refund-too-small",
        happens: "The buyer cancels a part of 50 paise, less than the provider gives back: a person has to.",
        setting: Setting::Together,
        play: |cast| Box::pin(refund_too_small(cast)),
        ends: &[Ends {
            parts: &["confirmed", "buyer_cancelled"],
            books: &[
                ("psp_clearing", 149_750),
                ("refunds_payable", -50),
                ("vendor_payable_pending 1", -131_274),
                ("commission_income", -14_970),
                ("output_gst", -2_695),
                ("tcs_payable", -634),
                ("tds_payable", -127),
            ],
            stock: &[[-3, 3, 0], [0, 0, 0]],
            papers: [2, 1],
            refunds: &[(50, "by_hand")],
            mails: &[YES, CHANGED, DELAYED],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 61,
        name: "price-reduced",
        happens: "The first seller delivers with a scratch: staff take ₹100 off the price at its cost, and the buyer keeps all three pieces.",
        setting: Setting::Together,
        play: |cast| Box::pin(price_reduced(cast)),
        ends: &[Ends {
            parts: &["delivered", "confirmed", "confirmed"],
            books: &[
                ("psp_clearing", 424_500),
                // 131 274 less 8 769.
                ("vendor_payable_pending 1", -122_505),
                ("vendor_payable_pending 2", -227_823),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -42_450),
                ("output_gst", -7_641),
                ("tcs_payable", -1_693),
                ("tds_payable", -363),
            ],
            stock: &[[-3, 0, 3], [-2, 2, 0], [-1, 1, 0]],
            papers: [3, 1],
            refunds: &[(10_000, "done")],
            mails: &[YES, SENT, HERE, CHANGED, BACK],
            ..CONFIRMED
        }],
    },
];

/// One refund meets with `answer`.
async fn planned(cast: &Cast, bought: &Purchase, answer: &str) -> anyhow::Result<()> {
    let plan = json!({ "refund": { "answer": answer, "times": 1 } });
    Till::of(cast, bought).plan(plan).await
}

async fn refund_later(cast: &Cast, answer: &str, later: SignedDuration) -> Played {
    let bought = paid(cast).await?;
    planned(cast, &bought, answer).await?;
    reject(&bought, 1).await?;
    bought.mail(cast, CHANGED).await?;
    cast.pass(later).await?;
    bought.mail(cast, BACK).await?;
    Ok(bought)
}

async fn refund_hangs(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    planned(cast, &bought, "pending").await?;
    reject(&bought, 1).await?;
    bought.deliver(0).await?;
    bought.deliver(2).await?;
    cast.pass(SignedDuration::from_hours(24 * 10 + 2)).await?;
    Ok(bought)
}

async fn refund_takes_its_time(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    planned(cast, &bought, "pending").await?;
    reject(&bought, 1).await?;
    Till::of(cast, &bought).settle("processed").await?;
    Ok(bought)
}

async fn answer_lost(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    planned(cast, &bought, "timeout_after_acting").await?;
    reject(&bought, 1).await?;
    Ok(bought)
}

async fn price_reduced(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.deliver(0).await?;
    let body = json!({ "amount": inr(10_000), "reason": "A scratch on the foot." });
    let path = format!("/v1/admin/orders/{}/reductions", bought.part(0).await?);
    cast.staff.post(&path, body).await?;
    Ok(bought)
}

async fn refund_too_small(cast: &Cast) -> Played {
    let sheet = cast.offer(&cast.sellers[2], 50, 0, 10, 1).await?;
    let items: [Item; 2] = [cast.item(0), sheet];
    let bought = Purchase::confirmed_with(cast, &items, Method::Upi).await?;
    let part = bought.part(1).await?;
    bought.ask(&format!("parts/{part}/cancel"), json!({})).await?;
    Ok(bought)
}

//! The buyer sends something back.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{
    BACK, CHANGED, CONFIRMED, FIRST_BACK, HERE, NEEDS_ACCOUNT, ONE_PIECE_BACK, RETURN,
    RETURN_REFUSED, SENT, SHIPPED, YES,
};
use super::super::purchase::Purchase;
use super::super::sending_back::{self, SentBack};
use super::super::{Scenario, Setting, staff};
use super::{Played, deliver_for_cash, paid};
use crate::journey::Method;
use crate::reporter::{PATIENCE, until};
use anyhow::Context as _;
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 35,
        name: "piece-sent-back",
        happens: "The buyer sends one piece of three back to the first seller, who can sell it again.",
        setting: Setting::Together,
        play: |cast| Box::pin(piece_sent_back(cast, 0, "resellable")),
        ends: &[ONE_SENT_BACK],
    },
    Scenario {
        id: 36,
        name: "sent-back-in-three",
        happens: "The buyer sends all three pieces back to the first seller, one by one; to the paisa, the steps add up to the part.",
        setting: Setting::Together,
        play: |cast| Box::pin(sent_back_in_three(cast)),
        ends: &[Ends {
            parts: &["returned", "confirmed", "confirmed"],
            papers: [3, 3],
            refunds: &[(49_900, "done"), (49_900, "done"), (49_900, "done")],
            mails: &[
                YES, SENT, HERE, RETURN, RETURN, RETURN, CHANGED, CHANGED, CHANGED, BACK, BACK,
                BACK,
            ],
            ..FIRST_BACK
        }],
    },
    Scenario {
        id: 37,
        name: "sent-back-damaged",
        happens: "The buyer sends one piece of two back to the second seller, and it arrives damaged.",
        setting: Setting::Together,
        play: |cast| Box::pin(piece_sent_back(cast, 1, "damaged")),
        ends: &[Ends {
            parts: &["confirmed", "delivered", "confirmed"],
            books: &[
                ("psp_clearing", 304_600),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_pending 2", -113_912),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -30_460),
                ("output_gst", -5_483),
                ("tcs_payable", -1_184),
                ("tds_payable", -262),
            ],
            stock: &[[-3, 3, 0], [-2, 0, 1], [-1, 1, 0]],
            refunds: &[(129_900, "done")],
            ..ONE_SENT_BACK
        }],
    },
    Scenario {
        id: 38,
        name: "return-refused-and-overruled",
        happens: "The first seller refuses a return; the buyer contests that, staff agree with the buyer, and the piece comes back.",
        setting: Setting::Together,
        play: |cast| Box::pin(refused_and_overruled(cast)),
        ends: &[Ends {
            mails: &[YES, SENT, HERE, RETURN_REFUSED, RETURN, CHANGED, BACK],
            ..ONE_SENT_BACK
        }],
    },
    Scenario {
        id: 39,
        name: "return-at-the-last-moment",
        happens: "The buyer asks for a return in the last minutes of the seventh day: a day later the money of that seller is not free, and that of the others is.",
        setting: Setting::Timed,
        play: |cast| Box::pin(at_the_last_moment(cast)),
        ends: &[Ends {
            parts: &["delivered", "completed", "completed"],
            books: &[
                ("psp_clearing", 434_500),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_available 2", -227_823),
                ("vendor_payable_available 3", -22_025),
                ("commission_income", -43_450),
                ("output_gst", -7_821),
                ("tcs_payable", -1_735),
                ("tds_payable", -372),
            ],
            stock: SHIPPED,
            mails: &[YES, SENT, SENT, SENT, HERE, HERE, HERE],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 42,
        name: "cash-part-sent-back",
        happens: "The buyer paid at the door and sends the part of the third seller back; asked by mail, the buyer says to which UPI address the money goes; one member of staff pays it there by hand, and another agrees.",
        setting: Setting::Together,
        play: |cast| Box::pin(cash_part_sent_back(cast)),
        ends: &[Ends {
            parts: &["delivered", "delivered", "returned"],
            books: &[
                ("cod_receivable", 434_500),
                ("bank", -25_000),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_pending 2", -227_823),
                ("commission_income", -40_950),
                ("output_gst", -7_371),
                ("tcs_payable", -1_735),
                ("tds_payable", -347),
            ],
            stock: &[[-3, 0, 3], [-2, 0, 2], [0, 0, 0]],
            papers: [3, 1],
            refunds: &[(25_000, "done")],
            mails: &[YES, SENT, SENT, SENT, HERE, HERE, HERE, RETURN, CHANGED, NEEDS_ACCOUNT, BACK],
            ..CONFIRMED
        }],
    },
];

/// One piece of the first part was sent back, and can be sold again.
const ONE_SENT_BACK: Ends = Ends {
    parts: &["delivered", "confirmed", "confirmed"],
    books: ONE_PIECE_BACK,
    stock: &[[-2, 0, 2], [-2, 2, 0], [-1, 1, 0]],
    papers: [3, 1],
    refunds: &[(49_900, "done")],
    mails: &[YES, SENT, HERE, RETURN, CHANGED, BACK],
    ..CONFIRMED
};

/// For so long a buyer may send back what was delivered.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So long before its end it is nearly over.
const NEARLY: SignedDuration = SignedDuration::from_mins(15);

async fn piece_sent_back(cast: &Cast, nth: usize, condition: &str) -> Played {
    let bought = paid(cast).await?;
    bought.deliver(nth).await?;
    sent_back(&bought, nth, condition).await?;
    Ok(bought)
}

/// One piece of part `nth` goes all the way back.
async fn sent_back(bought: &Purchase, nth: usize, condition: &str) -> anyhow::Result<()> {
    let piece = SentBack::ask(bought, nth, 1).await?;
    piece.seller("approve", json!({})).await?;
    piece.comes_back(condition).await
}

async fn sent_back_in_three(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.deliver(0).await?;
    for _ in 0..3 {
        sent_back(&bought, 0, "resellable").await?;
    }
    let steps = until(PATIENCE, "three credits are booked", async || {
        let steps = credited(&bought, 0).await?;
        Ok((steps.len() == 3).then_some(steps))
    })
    .await?;
    anyhow::ensure!(steps == [43_757, 43_759, 43_758], "the seller gives back {steps:?}");
    Ok(bought)
}

/// What the seller of part `nth` gave back of it, credit by credit.
async fn credited(bought: &Purchase, nth: usize) -> anyhow::Result<Vec<i64>> {
    let seller = bought.sellers.get(nth).context("no such part")?;
    let part = bought.part(nth).await?;
    let path = format!("/v1/vendors/{}/ledger?limit=100", seller.vendor);
    let ledger = seller.person.get(&path).await?;
    let is_credit = |line: &&Value| {
        let cause = line["cause"].as_str().unwrap_or_default();
        line["seller_order_id"] == *part && cause.starts_with("credit:")
    };
    let lines = ledger["items"].as_array().context("a ledger without lines")?;
    let credits = lines.iter().rev().filter(is_credit);
    Ok(credits.filter_map(|line| line["amount"]["amount"].as_i64()).map(|paise| -paise).collect())
}

async fn refused_and_overruled(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    bought.deliver(0).await?;
    let piece = SentBack::ask(&bought, 0, 1).await?;
    piece.seller("refuse", json!({ "words": "It was used." })).await?;
    piece.buyer("contest", json!({ "words": "It was not." })).await?;
    piece.decide(&cast.staff, "approve").await?;
    piece.comes_back("resellable").await?;
    Ok(bought)
}

async fn at_the_last_moment(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    for part in 0..3 {
        bought.deliver(part).await?;
    }
    cast.pass(KEPT - NEARLY).await?;
    let piece = SentBack::ask(&bought, 0, 1).await?;
    cast.pass(SignedDuration::from_hours(24)).await?;
    // Whoever asks now is too late, and it is still open for whoever asked then.
    sending_back::too_late(&bought, 1).await?;
    piece.is("requested").await?;
    Ok(bought)
}

async fn cash_part_sent_back(cast: &Cast) -> Played {
    let bought = Purchase::confirmed(cast, Method::Cod).await?;
    for part in 0..3 {
        deliver_for_cash(&bought, part).await?;
    }
    sent_back(&bought, 2, "resellable").await?;
    bought.mail(cast, NEEDS_ACCOUNT).await?;
    staff::pay_by_hand(cast, &bought).await?;
    Ok(bought)
}

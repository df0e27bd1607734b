//! Money that needs a person.

use super::super::acts::Till;
use super::super::cast::{Cast, TOTAL};
use super::super::ends::Ends;
use super::super::known::{ASKED, BACK, CHANGED, CONFIRMED, GIVEN, REJECTED_PART, SURPLUS, YES};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting, staff};
use super::{Played, paid, reject};
use crate::journey::Method;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 14,
        name: "too-much-accepted",
        happens: "One rupee too much comes; staff accept it, and the rupee goes back.",
        setting: Setting::Together,
        play: |cast| Box::pin(too_much_accepted(cast)),
        ends: &[Ends { refunds: &[(100, "done")], mails: &[YES, SURPLUS, BACK], ..CONFIRMED }],
    },
    Scenario {
        id: 50,
        name: "given-back-elsewhere",
        happens: "Somebody gives the money of the second part back on the provider's own pages; then the second seller rejects, and nothing is paid twice.",
        setting: Setting::Together,
        play: |cast| Box::pin(given_back_elsewhere(cast)),
        ends: &[REJECTED_PART],
    },
    Scenario {
        id: 62,
        name: "rejected-while-disputed",
        happens: "The buyer's bank asks for all of the money; the second seller rejects meanwhile, and its refund waits until the bank has decided for us.",
        setting: Setting::Together,
        play: |cast| Box::pin(rejected_while_disputed(cast)),
        ends: &[Ends { mails: &[YES, CHANGED, BACK, ASKED], ..REJECTED_PART }],
    },
    Scenario {
        id: 58,
        name: "goodwill",
        happens: "One member of staff proposes to give the buyer 50 rupees of our own, and another agrees.",
        setting: Setting::Together,
        play: |cast| Box::pin(goodwill(cast)),
        ends: &[Ends {
            books: &[
                ("psp_clearing", 429_500),
                ("goodwill", 5_000),
                ("vendor_payable_pending 1", -131_274),
                ("vendor_payable_pending 2", -227_823),
                ("vendor_payable_pending 3", -22_025),
                ("commission_income", -43_450),
                ("output_gst", -7_821),
                ("tcs_payable", -1_735),
                ("tds_payable", -372),
            ],
            refunds: &[(5_000, "done")],
            mails: &[YES, GIVEN],
            ..CONFIRMED
        }],
    },
];

async fn rejected_while_disputed(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    let till = Till::of(cast, &bought);
    let dispute = till.open_dispute().await?;
    staff::dispute(cast, &bought.payment, "open").await?;
    reject(&bought, 1).await?;
    let waits = |refund: &serde_json::Value| {
        refund["status"] == "requested" && refund["reason"] == "disputed"
    };
    staff::refund(cast, &bought, waits).await?;
    till.decide_dispute(&dispute, "won").await?;
    Ok(bought)
}

async fn too_much_accepted(cast: &Cast) -> Played {
    let bought = Purchase::begin(cast, Method::Upi).await?;
    let till = Till::of(cast, &bought);
    till.pay_amount(TOTAL + 100).await?;
    staff::accept(cast, &bought.payment, &till.capture().await?).await?;
    Ok(bought)
}

async fn given_back_elsewhere(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    Till::of(cast, &bought).give_back_there(&cast.settings, 259_800).await?;
    staff::refund(cast, &bought, |refund| {
        refund["kind"] == "foreign" && refund["status"] == "done"
    })
    .await?;
    reject(&bought, 1).await?;
    Ok(bought)
}

async fn goodwill(cast: &Cast) -> Played {
    let bought = paid(cast).await?;
    staff::give(cast, &bought, 5_000).await?;
    Ok(bought)
}

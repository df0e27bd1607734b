//! Sellers are paid, cash arrives, and what is taken back afterwards.

use super::super::acts::Till;
use super::super::cast::{Cast, Item, TOTAL};
use super::super::ends::{self, Ends};
use super::super::known::{ASKED, CONFIRMED, HERE, NOTE, SENT, SHIPPED, YES};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting, sending_back, staff};
use super::{Played, deliver_for_cash};
use crate::journey::Method;
use jiff::SignedDuration;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 1,
        name: "upi-delivered",
        happens: "The buyer pays by UPI; three sellers deliver; seven days later their money is free, and they are paid.",
        setting: Setting::Timed,
        play: |cast| Box::pin(delivered(cast, Method::Upi)),
        ends: &[Ends {
            parts: &["completed"; 3],
            books: &[
                ("psp_clearing", 434_500),
                ("bank", -381_122),
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
        id: 2,
        name: "cod-delivered",
        happens: "The buyer pays at the door; three sellers deliver; the carrier brings the cash to our bank; seven days later the sellers are paid.",
        setting: Setting::Timed,
        play: |cast| Box::pin(delivered(cast, Method::Cod)),
        ends: &[Ends {
            parts: &["completed"; 3],
            books: &[
                // 434 500 that arrived, less 381 122.
                ("bank", 53_378),
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
        id: 40,
        name: "taken-back-after-payout",
        happens: "A month after the second seller was paid it is too late to send anything back; the buyer's bank takes the money, and the seller bears it: it owes us, and its tax is with the state.",
        setting: Setting::Timed,
        play: |cast| Box::pin(taken_back_after_payout(cast)),
        ends: &[OWES_US],
    },
    Scenario {
        id: 41,
        name: "sold-after-owing",
        happens: "As before; then the second seller sells as much again: tax is set off against what is with the state, what it is owed against what it owes, and nothing is paid.",
        setting: Setting::Timed,
        play: |cast| Box::pin(sold_after_owing(cast)),
        ends: &[Ends {
            parts: &["completed"],
            books: &[
                ("psp_clearing", 259_800),
                // Paid for the sale before; what this one frees makes up for it.
                ("bank", -227_823),
                ("commission_income", -25_980),
                ("output_gst", -4_676),
                ("tcs_payable", -1_101),
                ("tds_adjustable 1", -220),
            ],
            papers: [1, 0],
            mails: &[YES, SENT, HERE],
            ..OWES_US
        }],
    },
    Scenario {
        id: 57,
        name: "dispute-lost-after-payout",
        happens: "A month after the sellers were paid the buyer's bank takes all of the money, and they bear it.",
        setting: Setting::Timed,
        play: |cast| Box::pin(dispute_lost_after_payout(cast)),
        ends: &[Ends {
            parts: &["completed"; 3],
            books: &[
                ("bank", -381_122),
                ("vendor_payable_available 1", 131_274),
                ("vendor_payable_available 2", 227_823),
                ("vendor_payable_available 3", 22_025),
                ("tds_payable", -372),
                ("tds_adjustable 1", 127),
                ("tds_adjustable 2", 220),
                ("tds_adjustable 3", 25),
            ],
            stock: SHIPPED,
            papers: [3, 3],
            mails: &[YES, SENT, SENT, SENT, HERE, HERE, HERE, ASKED, NOTE, NOTE, NOTE],
            ..CONFIRMED
        }],
    },
];

/// One seller was paid for a sale that was taken back in a later month.
const OWES_US: Ends = Ends {
    parts: &["completed"],
    books: &[
        ("bank", -227_823),
        ("vendor_payable_available 1", 227_823),
        ("tds_payable", -220),
        ("tds_adjustable 1", 220),
    ],
    stock: &[[-2, 0, 2]],
    papers: [1, 1],
    mails: &[YES, SENT, HERE, ASKED, NOTE],
    ..CONFIRMED
};

/// After so long what was delivered stays with the buyer.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 7 + 1);
/// After so long it is another month, whatever the day.
const A_MONTH: SignedDuration = SignedDuration::from_hours(24 * 31);

async fn delivered(cast: &Cast, method: Method) -> Played {
    let bought = Purchase::confirmed_with(cast, &cast.guest_items().await?, method).await?;
    for part in 0..bought.sellers.len() {
        match method {
            Method::Upi => bought.deliver(part).await?,
            Method::Cod => deliver_for_cash(&bought, part).await?,
        }
    }
    if method == Method::Cod {
        staff::remit(cast, &bought, TOTAL).await?;
    }
    cast.pass(KEPT).await?;
    staff::pay_sellers(cast, &bought.sellers).await?;
    Ok(bought)
}

/// Somebody buys `items` by UPI, and their sellers are paid.
async fn paid_out(cast: &Cast, items: &[Item]) -> Played {
    let bought = Purchase::confirmed_with(cast, items, Method::Upi).await?;
    for part in 0..bought.sellers.len() {
        bought.deliver(part).await?;
    }
    cast.pass(KEPT).await?;
    staff::pay_sellers(cast, &bought.sellers).await?;
    Ok(bought)
}

/// The buyer's bank takes all of the money, and the sellers bear it.
async fn lost(cast: &Cast, bought: &Purchase) -> anyhow::Result<()> {
    Till::of(cast, bought).lose_dispute().await?;
    staff::sellers_bear(cast, &bought.payment).await
}

async fn owing(cast: &Cast, item: &Item) -> Played {
    let bought = paid_out(cast, std::slice::from_ref(item)).await?;
    cast.pass(A_MONTH).await?;
    sending_back::too_late(&bought, 0).await?;
    lost(cast, &bought).await?;
    staff::is_owed(&item.seller, 0, -227_823).await?;
    Ok(bought)
}

async fn taken_back_after_payout(cast: &Cast) -> Played {
    let item = cast.guest_item(1).await?;
    owing(cast, &item).await
}

async fn sold_after_owing(cast: &Cast) -> Played {
    let item = cast.guest_item(1).await?;
    let items = std::slice::from_ref(&item);
    let before = owing(cast, &item).await?;
    ends::wait(cast, &before, &[OWES_US]).await?;
    let again = Purchase::confirmed_with(cast, items, Method::Upi).await?;
    again.deliver(0).await?;
    staff::is_owed(&item.seller, 227_823, -227_823).await?;
    cast.pass(KEPT).await?;
    staff::is_owed(&item.seller, 0, 0).await?;
    cast.staff.post("/v1/admin/payouts/run", serde_json::json!({})).await?;
    Ok(again)
}

async fn dispute_lost_after_payout(cast: &Cast) -> Played {
    let bought = paid_out(cast, &cast.guest_items().await?).await?;
    cast.pass(A_MONTH).await?;
    lost(cast, &bought).await?;
    Ok(bought)
}

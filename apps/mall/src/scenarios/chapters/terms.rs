//! What the law makes of a sale.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{CONFIRMED, REJECTED};
use super::super::purchase::{Basket, Purchase};
use super::super::{Scenario, Setting};
use super::Played;
use crate::journey::Method;

pub const STORIES: &[Scenario] = &[
    Scenario {
        id: 53,
        name: "nil-rated-beside-taxed",
        happens: "The first seller sells something at 0 % for 50 000 beside something at 18 % for 11 800: 0.5 % are collected of the taxed 10 000 only.",
        setting: Setting::Together,
        play: |cast| Box::pin(nil_rated_beside_taxed(cast)),
        ends: &[Ends {
            parts: &["confirmed"],
            books: &[
                ("psp_clearing", 61_800),
                ("vendor_payable_pending 1", -54_398),
                ("commission_income", -6_180),
                ("output_gst", -1_112),
                ("tcs_payable", -50),
                ("tds_payable", -60),
            ],
            stock: &[[-2, 2, 0]],
            papers: [1, 0],
            ..CONFIRMED
        }],
    },
    Scenario {
        id: 54,
        name: "enrolled-to-another-state",
        happens: "Somebody in another state orders from the third seller, who is enrolled and may sell at home only.",
        setting: Setting::Together,
        play: |cast| Box::pin(enrolled_to_another_state(cast)),
        ends: &[Ends { parts: &["cancelled"], stock: &[[0, 0, 0]], ..REJECTED }],
    },
];

async fn nil_rated_beside_taxed(cast: &Cast) -> Played {
    let nila = &cast.sellers[0];
    let items =
        [cast.offer(nila, 50_000, 0, 10, 1).await?, cast.offer(nila, 11_800, 1_800, 10, 1).await?];
    Purchase::confirmed_with(cast, &items, Method::Upi).await
}

async fn enrolled_to_another_state(cast: &Cast) -> Played {
    let basket = Basket::fill_in(cast, &[cast.item(2)], ("Pune", "27", "411001")).await?;
    let mut bought = basket.check_out(Method::Upi).await?;
    bought.placed().await?;
    Ok(bought)
}

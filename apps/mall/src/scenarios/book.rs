//! All stories. Numbers and names stay.

use super::Scenario;
use super::chapters::{
    by_hand, cancelling, door, paid_out, paying, provider, refunds, refusing, returns, terms,
    waiting, without_order, without_payment, year_end,
};

/// Every story, by number.
pub fn scenarios() -> Vec<&'static Scenario> {
    let chapters: [&'static [Scenario]; 14] = [
        paying::STORIES,
        cancelling::STORIES,
        refusing::STORIES,
        door::STORIES,
        refunds::STORIES,
        terms::STORIES,
        waiting::STORIES,
        provider::STORIES,
        without_order::STORIES,
        without_payment::STORIES,
        returns::STORIES,
        by_hand::STORIES,
        paid_out::STORIES,
        year_end::STORIES,
    ];
    let mut all: Vec<_> = chapters.into_iter().flatten().collect();
    all.sort_by_key(|scenario| scenario.id);
    all
}

//! All stories. Numbers and names stay.

use super::Scenario;
use super::chapters::{
    cancelling, door, paying, provider, refunds, refusing, terms, waiting, without_order,
    without_payment,
};

/// Every story, by number.
#[must_use]
pub fn scenarios() -> Vec<&'static Scenario> {
    let chapters: [&'static [Scenario]; 10] = [
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
    ];
    let mut all: Vec<_> = chapters.into_iter().flatten().collect();
    all.sort_by_key(|scenario| scenario.id);
    all
}

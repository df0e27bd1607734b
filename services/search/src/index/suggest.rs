//! Completes what somebody is typing.

use std::cmp::Reverse;

use super::table::Table;
use super::text_index::Match;
use crate::domain::{Piece, merit, pieces};

const MOST: usize = 8;

/// The most of them that are categories, and the most that are vendors.
const MOST_NAMES: usize = 2;

/// What the beginnings of words led to.
pub struct Leads<'a> {
    pub pieces: &'a [Piece],
    pub products: Vec<Match>,
    pub vendors: Vec<Match>,
}

/// Whether enough was typed to complete it: two letters, or one character of a script like
/// Chinese.
pub fn is_enough(pieces: &[Piece]) -> bool {
    match pieces {
        [] => false,
        [Piece::Word(word)] => word.chars().nth(1).is_some(),
        [Piece::Run(_)] | [_, _, ..] => true,
    }
}

/// Categories, vendors, then products, without repetition.
pub fn suggest(table: &Table, leads: Leads<'_>) -> Vec<String> {
    let mut list = Suggestions { list: Vec::new() };
    for label in categories(table, leads.pieces).into_iter().take(MOST_NAMES) {
        list.add(&label);
    }
    for name in vendors(table, leads.vendors).into_iter().take(MOST_NAMES) {
        list.add(name);
    }
    for title in products(table, leads.products) {
        if list.list.len() == MOST {
            break;
        }
        list.add(title);
    }
    list.list
}

struct Suggestions {
    list: Vec<String>,
}

impl Suggestions {
    fn add(&mut self, text: &str) {
        let folded = text.to_lowercase();
        if !self.list.iter().any(|one| one.to_lowercase() == folded) {
            self.list.push(text.to_owned());
        }
    }
}

fn products(table: &Table, matches: Vec<Match>) -> Vec<&str> {
    let mut ranked: Vec<_> = matches
        .into_iter()
        .filter_map(|one| {
            let row = table.products.get(one.slot)?;
            let listing = table.visible(row)?;
            let sold_out = !listing.offers.iter().any(|offer| table.in_stock(offer));
            Some((sold_out, Reverse(one.score), Reverse(merit(row.rating)), &*listing.title))
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., title)| title).collect()
}

fn vendors(table: &Table, matches: Vec<Match>) -> Vec<&str> {
    let mut ranked: Vec<_> = matches
        .into_iter()
        .filter_map(|one| {
            let (row, shop) = table.open_shop(one.slot)?;
            Some((Reverse(one.score), Reverse(merit(row.rating)), &*shop.display_name))
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., name)| name).collect()
}

/// The names of categories that have every word that was typed, the last one unfinished.
fn categories(table: &Table, typed: &[Piece]) -> Vec<String> {
    let paths = table.categories.entries().iter().enumerate();
    let mut labels: Vec<_> = paths
        .filter_map(|(slot, row)| {
            let label = row.path.rsplit('/').next()?.replace('-', " ");
            (begins(&pieces(&label), typed) && is_filled(table, slot)).then_some(label)
        })
        .collect();
    labels.sort_unstable_by_key(String::len);
    labels
}

fn begins(label: &[Piece], typed: &[Piece]) -> bool {
    let Some((last, before)) = typed.split_last() else { return false };
    let unfinished = |one: &Piece| match (one, last) {
        (Piece::Word(word), Piece::Word(typed)) => word.starts_with(typed.as_str()),
        (Piece::Run(run), Piece::Run(typed)) => run.contains(typed.as_str()),
        (Piece::Word(_), Piece::Run(_)) | (Piece::Run(_), Piece::Word(_)) => false,
    };
    before.iter().all(|piece| label.contains(piece)) && label.iter().any(unfinished)
}

/// Whether a product is shown in the category.
fn is_filled(table: &Table, category: usize) -> bool {
    let rows = table.products.entries().iter();
    rows.filter_map(|row| table.visible(row)).any(|listing| listing.categories.contains(&category))
}

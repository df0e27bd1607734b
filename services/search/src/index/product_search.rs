//! Answers a question for products from the table.

use kernel::Money;

use super::counts::Counts;
use super::sieve::{Shown, Sieve};
use super::table::{Listing, ProductRow, Table};
use super::text_index::Match;
use super::top::Top;
use crate::domain::{
    Place, ProductHit, ProductPage, ProductQuery, ProductSort, QueryRefused, hundredths, merit,
};

/// What the text of a question led to.
#[derive(Debug)]
pub enum Found {
    /// There was no text.
    Everything,
    /// These, for a text of so many pieces.
    Only { matches: Vec<Match>, pieces: usize },
}

/// A product that may become a hit.
struct Candidate<'a> {
    row: &'a ProductRow,
    listing: &'a Listing,
    score: u32,
    /// Whether the title has nothing besides what is sought (as far as its length tells).
    whole_title: bool,
}

pub fn search(
    table: &Table,
    found: &Found,
    query: &ProductQuery,
) -> Result<ProductPage, QueryRefused> {
    let sieve = Sieve::new(table, &query.filter);
    let mut counts = Counts::new(table);
    let mut top = Top::new(&query.page, query.sort.order())?;
    let mut total = 0;

    for (slot, candidate) in candidates(table, found) {
        let verdict = sieve.judge(candidate.row, candidate.listing);
        counts.add(candidate.listing, &verdict);
        if let Some(shown) = verdict.hit() {
            total += 1;
            top.take(place(query.sort, &candidate, shown), (slot, shown));
        }
    }

    let (best, next) = top.finish();
    let hits = best.into_iter().filter_map(|(slot, shown)| hit(table, slot, shown)).collect();
    Ok(ProductPage { hits, total, facets: counts.finish(), next })
}

fn candidates<'a>(
    table: &'a Table,
    found: &'a Found,
) -> Box<dyn Iterator<Item = (usize, Candidate<'a>)> + 'a> {
    let all = table.products.entries();
    match found {
        Found::Everything => Box::new(all.iter().enumerate().filter_map(|(slot, row)| {
            let listing = table.visible(row)?;
            Some((slot, Candidate { row, listing, score: 0, whole_title: false }))
        })),
        Found::Only { matches, pieces } => Box::new(matches.iter().filter_map(|one| {
            let row = all.get(one.slot)?;
            let listing = table.visible(row)?;
            let whole_title = listing.title_pieces == *pieces;
            Some((one.slot, Candidate { row, listing, score: one.score, whole_title }))
        })),
    }
}

fn place(sort: ProductSort, candidate: &Candidate<'_>, shown: Shown) -> Place {
    let row = candidate.row;
    let (first, second) = match sort {
        ProductSort::Relevance => relevance(candidate, shown),
        ProductSort::PriceUp => (unsigned(shown.price), 0),
        ProductSort::PriceDown => (u64::MAX - unsigned(shown.price), 0),
        ProductSort::Newest => (u64::MAX - unsigned(candidate.listing.created_ms), 0),
        ProductSort::Rating => {
            (u64::MAX - u64::from(hundredths(row.rating)), u64::MAX - row.rating.count)
        }
    };
    Place { first, second, id: row.id.as_uuid().as_u128() }
}

/// What is sold out comes last; then the better match, the plainer title, the better rating.
fn relevance(candidate: &Candidate<'_>, shown: Shown) -> (u64, u64) {
    let match_rank = u64::from(u32::MAX - candidate.score);
    let merit_rank = u64::from(u16::MAX - merit(candidate.row.rating));
    (
        (u64::from(shown.sold_out) << 32) | match_rank,
        (u64::from(!candidate.whole_title) << 16) | merit_rank,
    )
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn hit(table: &Table, slot: usize, shown: Shown) -> Option<ProductHit> {
    let row = table.products.get(slot)?;
    let listing = row.listing.as_ref()?;
    let (vendor, shop) = table.open_shop(listing.vendor)?;
    Some(ProductHit {
        product_id: row.id,
        title: listing.title.to_string(),
        vendor_id: vendor.id,
        vendor_name: shop.display_name.to_string(),
        price: Money::new(shown.price, listing.currency),
        rating: row.rating,
        in_stock: !shown.sold_out,
    })
}

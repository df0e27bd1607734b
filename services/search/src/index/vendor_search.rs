//! Answers a question for vendors from the table.

use super::product_search::Found;
use super::table::{Table, VendorRow};
use super::top::Top;
use crate::domain::{
    Order, Place, QueryRefused, VendorHit, VendorPage, VendorQuery, hundredths, merit,
};

pub fn search(
    table: &Table,
    found: &Found,
    query: &VendorQuery,
) -> Result<VendorPage, QueryRefused> {
    let mut top = Top::new(&query.page, Order::Vendors)?;
    let mut total = 0;
    let mut take = |slot, score| {
        let Some((row, _)) = table.open_shop(slot) else { return };
        if hundredths(row.rating) >= query.min_rating.hundredths() {
            total += 1;
            top.take(place(row, score), slot);
        }
    };
    match found {
        Found::Everything => (0..table.vendors.entries().len()).for_each(|slot| take(slot, 0)),
        Found::Only { matches, .. } => matches.iter().for_each(|one| take(one.slot, one.score)),
    }

    let (best, next) = top.finish();
    let hits = best.into_iter().filter_map(|slot| hit(table, slot)).collect();
    Ok(VendorPage { hits, total, next })
}

/// The better match first, then the better rating.
fn place(row: &VendorRow, score: u32) -> Place {
    Place {
        first: u64::from(u32::MAX - score),
        second: u64::from(u16::MAX - merit(row.rating)),
        id: row.id.as_uuid().as_u128(),
    }
}

fn hit(table: &Table, slot: usize) -> Option<VendorHit> {
    let (row, shop) = table.open_shop(slot)?;
    Some(VendorHit {
        vendor_id: row.id,
        display_name: shop.display_name.to_string(),
        rating: row.rating,
        since: shop.since,
    })
}

//! Counts what each choice of a filter would show.

use std::cmp::Reverse;

use super::sieve::{Filter, Verdict};
use super::table::{Listing, Table};
use crate::domain::{CategoryCount, Facets, PRICE_STEPS, PriceCount, RatingCount, VendorCount};

/// The most categories and vendors that are listed.
const LONGEST_LIST: usize = 50;

/// The counts, by slot.
pub struct Counts<'a> {
    table: &'a Table,
    categories: Vec<u64>,
    vendors: Vec<u64>,
    prices: [u64; PRICE_STEPS.len()],
    /// At least 1, 2, 3 and 4 stars.
    ratings: [u64; 4],
    in_stock: u64,
}

impl<'a> Counts<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self {
            table,
            categories: vec![0; table.categories.entries().len()],
            vendors: vec![0; table.vendors.entries().len()],
            prices: [0; PRICE_STEPS.len()],
            ratings: [0; 4],
            in_stock: 0,
        }
    }

    /// Counts a product wherever only the filter that is counted for stands in its way.
    pub fn add(&mut self, listing: &Listing, verdict: &Verdict) {
        if verdict.passes_without(Filter::Category) {
            for slot in &listing.categories {
                increment(self.categories.get_mut(*slot));
            }
        }
        if verdict.passes_without(Filter::Vendor) {
            increment(self.vendors.get_mut(listing.vendor));
        }
        if verdict.passes_without(Filter::Rating) {
            for (count, least) in self.ratings.iter_mut().zip([100, 200, 300, 400]) {
                *count += u64::from(verdict.rating >= least);
            }
        }
        if verdict.passes_without(Filter::Offer) {
            for (step, count) in self.prices.iter_mut().enumerate() {
                *count += u64::from((verdict.price_steps >> step) & 1);
            }
            self.in_stock += u64::from(verdict.in_stock);
        }
    }

    /// The counts with their names.
    pub fn finish(self) -> Facets {
        Facets {
            categories: self.categories(),
            vendors: self.vendors(),
            prices: self.prices(),
            ratings: self.ratings(),
            in_stock: self.in_stock,
        }
    }

    fn categories(&self) -> Vec<CategoryCount> {
        let named = self.categories.iter().zip(self.table.categories.entries());
        let mut list: Vec<_> = named
            .filter(|(count, _)| **count > 0)
            .map(|(count, row)| CategoryCount {
                category: row.path.to_string(),
                name: row.name.to_string(),
                count: *count,
            })
            .collect();
        list.sort_by(|a, b| (b.count, &a.category).cmp(&(a.count, &b.category)));
        list.truncate(LONGEST_LIST);
        list
    }

    fn vendors(&self) -> Vec<VendorCount> {
        let counted = self.vendors.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut list: Vec<_> = counted
            .filter_map(|(slot, count)| {
                let (row, shop) = self.table.open_shop(slot)?;
                let vendor_name = shop.display_name.to_string();
                Some(VendorCount { vendor_id: row.id, vendor_name, count: *count })
            })
            .collect();
        list.sort_by_key(|one| (Reverse(one.count), one.vendor_id));
        list.truncate(LONGEST_LIST);
        list
    }

    fn prices(&self) -> Vec<PriceCount> {
        let ends = PRICE_STEPS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        let steps = PRICE_STEPS.iter().zip(ends).zip(self.prices);
        steps
            .filter(|(_, count)| *count > 0)
            .map(|((min, max), count)| PriceCount { min: *min, max, count })
            .collect()
    }

    fn ratings(&self) -> Vec<RatingCount> {
        let steps = (1..).zip(self.ratings).filter(|(_, count)| *count > 0);
        let mut list: Vec<_> =
            steps.map(|(at_least, count)| RatingCount { at_least, count }).collect();
        list.reverse();
        list
    }
}

fn increment(count: Option<&mut u64>) {
    if let Some(count) = count {
        *count += 1;
    }
}

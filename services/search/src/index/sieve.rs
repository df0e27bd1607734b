//! Holds a product against each filter by itself.

use super::table::{Listing, ProductRow, Table};
use crate::domain::{Availability, MinRating, PriceRange, ProductFilter, hundredths, price_step};

/// A slot that nothing is in, for a filter that names something unknown.
const NOWHERE: usize = usize::MAX;

/// The filters of a question.
pub struct Sieve<'a> {
    table: &'a Table,
    category: Option<usize>,
    vendor: Option<usize>,
    price: PriceRange,
    min_rating: MinRating,
    availability: Availability,
}

/// A filter, as a bit of [`Verdict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Category,
    Vendor,
    /// By price and stock, which one variant must meet together.
    Offer,
    Rating,
}

impl Filter {
    const fn bit(self) -> u8 {
        match self {
            Self::Category => 1,
            Self::Vendor => 2,
            Self::Offer => 4,
            Self::Rating => 8,
        }
    }
}

/// What the filters say about one product.
#[derive(Debug)]
pub struct Verdict {
    missed: u8,
    /// The best offer that meets price and stock.
    pub shown: Option<Shown>,
    /// The price ranges of its offers that meet the filter for stock, a bit each.
    pub price_steps: u32,
    /// Whether an offer that meets the filter for price is in stock.
    pub in_stock: bool,
    /// Its average rating in hundredths.
    pub rating: u16,
}

/// What is shown of the offers of a product. In stock and cheap sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// Whether it is sold out.
    pub sold_out: bool,
    pub price: i64,
}

impl Verdict {
    /// Whether the product meets all filters, leaving `filter` aside.
    pub fn passes_without(&self, filter: Filter) -> bool {
        self.missed & !filter.bit() == 0
    }

    /// The offer to show, if the product meets all filters.
    pub fn hit(&self) -> Option<Shown> {
        self.shown.filter(|_| self.missed == 0)
    }

    fn judge(&mut self, filter: Filter, met: bool) {
        if !met {
            self.missed |= filter.bit();
        }
    }
}

impl<'a> Sieve<'a> {
    /// Looks up what `filter` names.
    pub fn new(table: &'a Table, filter: &ProductFilter) -> Self {
        let category = filter.category.as_deref();
        Self {
            table,
            category: category.map(|path| table.categories.find(path).unwrap_or(NOWHERE)),
            vendor: filter.vendor_id.map(|id| table.vendors.find(&id).unwrap_or(NOWHERE)),
            price: filter.price,
            min_rating: filter.min_rating,
            availability: filter.availability,
        }
    }

    pub fn judge(&self, row: &ProductRow, listing: &Listing) -> Verdict {
        let mut verdict = self.judge_offers(listing);
        verdict.rating = hundredths(row.rating);

        let category = self.category.is_none_or(|slot| listing.categories.contains(&slot));
        let vendor = self.vendor.is_none_or(|slot| listing.vendor == slot);
        let rating = verdict.rating >= self.min_rating.hundredths();
        verdict.judge(Filter::Category, category);
        verdict.judge(Filter::Vendor, vendor);
        verdict.judge(Filter::Rating, rating);
        verdict.judge(Filter::Offer, verdict.shown.is_some());
        verdict
    }

    fn judge_offers(&self, listing: &Listing) -> Verdict {
        let mut verdict =
            Verdict { missed: 0, shown: None, price_steps: 0, in_stock: false, rating: 0 };
        for offer in &listing.offers {
            let in_stock = self.table.in_stock(offer);
            let priced = self.price.holds(offer.price);
            let wanted = in_stock || self.availability == Availability::Any;
            if wanted {
                verdict.price_steps |= 1 << price_step(offer.price);
            }
            if priced && in_stock {
                verdict.in_stock = true;
            }
            if priced && wanted {
                let shown = Shown { sold_out: !in_stock, price: offer.price };
                verdict.shown = Some(verdict.shown.map_or(shown, |best| best.min(shown)));
            }
        }
        verdict
    }
}

//! What search answers.

use jiff::Timestamp;
use kernel::{Money, ProductId, Rating, VendorId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPage {
    /// The products, best first.
    pub hits: Vec<ProductHit>,
    /// How many products meet the question, on all pages.
    pub total: u64,
    /// What the question's neighbours would find.
    pub facets: Facets,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductHit {
    pub product_id: ProductId,
    pub title: String,
    pub vendor_id: VendorId,
    pub vendor_name: String,
    /// The lowest price among the variants that meet the question, those in stock first.
    pub price: Money,
    pub rating: Rating,
    /// Whether the variant at that price is in stock.
    pub in_stock: bool,
}

/// How many products each choice would show.
///
/// Each list obeys all filters of the question except the one it offers a choice for, so
/// choosing an entry gives as many products as it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// Per category, the fullest first.
    pub categories: Vec<CategoryCount>,
    /// Per vendor, the fullest first.
    pub vendors: Vec<VendorCount>,
    /// Per price range, the cheapest first.
    pub prices: Vec<PriceCount>,
    /// With at least so many stars, the highest first.
    pub ratings: Vec<RatingCount>,
    pub in_stock: u64,
}

/// How many products lie in a category or below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    /// The category, such as `home/kitchen`.
    pub category: String,
    /// What people call it.
    pub name: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorCount {
    pub vendor_id: VendorId,
    pub vendor_name: String,
    pub count: u64,
}

/// How many products have a variant in a range of prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceCount {
    /// The lowest price of the range, in minor units.
    pub min: i64,
    /// The highest price of the range; the last range has none.
    pub max: Option<i64>,
    pub count: u64,
}

/// How many products are rated at least so well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingCount {
    /// The least average, in stars.
    pub at_least: u8,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPage {
    /// The vendors, best first.
    pub hits: Vec<VendorHit>,
    /// How many vendors meet the question, on all pages.
    pub total: u64,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorHit {
    pub vendor_id: VendorId,
    pub display_name: String,
    pub rating: Rating,
    /// Since when it sells here.
    pub since: Timestamp,
}

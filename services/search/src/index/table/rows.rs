//! What the table holds of a product and of a seller.

use jiff::Timestamp;
use kernel::{Currency, ProductId, Rating, VendorId};

use crate::domain::SellerStanding;

/// What is known of a product.
#[derive(Debug)]
pub struct ProductRow {
    pub id: ProductId,
    pub(super) version: u64,
    pub(super) rating_version: u64,
    pub rating: Rating,
    /// What is shown of it: nothing when it is unknown, hidden or gone.
    pub listing: Option<Listing>,
}

/// What is shown of a product.
#[derive(Debug)]
pub struct Listing {
    pub vendor: usize,
    pub title: Box<str>,
    pub title_pieces: usize,
    pub categories: Box<[usize]>,
    /// What can be bought of it.
    pub offers: Box<[Offer]>,
    /// What the prices are counted in.
    pub currency: Currency,
    /// When it was made, in milliseconds.
    pub created_ms: i64,
}

/// A variant with its price.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    pub(super) sku: usize,
    /// The price in minor units.
    pub price: i64,
}

/// A category that a product was ever in.
#[derive(Debug)]
pub struct CategoryRow {
    /// Its slug, or the slugs that lead to it.
    pub path: Box<str>,
    /// What people call it; its path until that was heard.
    pub name: Box<str>,
}

/// What is known of a vendor.
#[derive(Debug)]
pub struct VendorRow {
    pub id: VendorId,
    pub(super) version: u64,
    pub(super) rating_version: u64,
    pub rating: Rating,
    /// What is shown of it: nothing when it is unknown or gone.
    pub shop: Option<Shop>,
}

/// What is shown of a vendor.
#[derive(Debug)]
pub struct Shop {
    pub display_name: Box<str>,
    /// Since when it sells here.
    pub since: Timestamp,
    pub(super) standing: SellerStanding,
}

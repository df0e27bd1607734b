//! The facts that search hears. They come in any order, each with the version of its owner.

use jiff::Timestamp;
use kernel::{Money, ProductId, Rating, Sku, VendorId};

/// A product as its owner describes it, whole.
#[derive(Debug, Clone)]
pub struct ProductState {
    pub product_id: ProductId,
    /// The owner's version; a smaller one than known changes nothing.
    pub version: u64,
    pub vendor_id: VendorId,
    pub title: String,
    /// What is told about it.
    pub description: String,
    /// Its category and all above it, such as `home` and `home/kitchen`.
    pub category: Vec<Category>,
    /// The values of its options, such as `red large`, as one text.
    pub options: String,
    /// What can be bought of it.
    pub variants: Vec<Variant>,
    pub created_at: Timestamp,
    pub publication: Publication,
}

/// A shelf that a product stands on.
#[derive(Debug, Clone)]
pub struct Category {
    pub path: String,
    /// What people call it, where that was told.
    pub name: Option<String>,
}

/// One thing that can be bought of a product.
#[derive(Debug, Clone)]
pub struct Variant {
    pub sku: Sku,
    pub price: Money,
}

/// Whether the owner of a product shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// Buyers may see it.
    Published,
    /// A draft, an unlisted or a refused product.
    Hidden,
}

#[derive(Debug, Clone)]
pub struct StockLevel {
    pub sku: Sku,
    pub version: u64,
    /// Whether at least one can be sold.
    pub in_stock: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rated {
    Product(ProductId),
    Vendor(VendorId),
}

/// What all reviews of one subject come to.
#[derive(Debug, Clone)]
pub struct RatingSummary {
    pub subject: Rated,
    pub version: u64,
    pub rating: Rating,
}

/// A vendor as its owner describes it, whole.
#[derive(Debug, Clone)]
pub struct VendorState {
    pub vendor_id: VendorId,
    pub version: u64,
    pub display_name: String,
    /// Since when it sells here.
    pub since: Timestamp,
    pub standing: SellerStanding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerStanding {
    /// It may.
    Active,
    /// It may not (yet, or any more).
    Suspended,
}

/// What came of hearing a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogueStep {
    /// It was news.
    Moved,
    /// The same or something newer was known already.
    Same,
}

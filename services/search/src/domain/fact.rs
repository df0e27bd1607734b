//! The facts that search hears. They come in any order, each with the version of its owner.

use jiff::Timestamp;
use kernel::{Money, ProductId, Rating, Sku, VendorId};

/// A product as its owner describes it, whole.
#[derive(Debug, Clone)]
pub struct ProductState {
    /// The product.
    pub product_id: ProductId,
    /// The owner's version; a smaller one than known changes nothing.
    pub version: u64,
    /// Who sells it.
    pub vendor_id: VendorId,
    /// What it is called.
    pub title: String,
    /// What is told about it.
    pub description: String,
    /// Its category and all above it, such as `home` and `home/kitchen`.
    pub category: Vec<String>,
    /// The values of its options, such as `red large`, as one text.
    pub options: String,
    /// What can be bought of it.
    pub variants: Vec<Variant>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether its owner shows it.
    pub publication: Publication,
}

/// One thing that can be bought of a product.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Names it.
    pub sku: Sku,
    /// What it costs.
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

/// Whether something can be had now.
#[derive(Debug, Clone)]
pub struct StockLevel {
    /// The variant.
    pub sku: Sku,
    /// The owner's version of the level.
    pub version: u64,
    /// Whether at least one can be sold.
    pub in_stock: bool,
}

/// What was reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rated {
    /// A product.
    Product(ProductId),
    /// A vendor.
    Vendor(VendorId),
}

/// What all reviews of one subject come to.
#[derive(Debug, Clone)]
pub struct RatingSummary {
    /// The subject.
    pub subject: Rated,
    /// The owner's version of the summary.
    pub version: u64,
    /// Sum and count of the stars.
    pub rating: Rating,
}

/// A vendor as its owner describes it, whole.
#[derive(Debug, Clone)]
pub struct VendorState {
    /// The vendor.
    pub vendor_id: VendorId,
    /// The owner's version.
    pub version: u64,
    /// What the shop is called.
    pub display_name: String,
    /// Since when it sells here.
    pub since: Timestamp,
    /// Whether it may sell.
    pub standing: SellerStanding,
}

/// Whether a vendor may sell.
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

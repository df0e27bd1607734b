//! What product-service says and is asked: products, stock levels, reservations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CategorySlug, CheckoutId, Money, OrderId, ProductId, Sku, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entry::events;

/// Where a product stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being written by its seller.
    Draft,
    /// Waiting for moderation.
    Proposed,
    /// On the shelf.
    Published,
    /// Turned down by moderation.
    Rejected,
    /// Taken off the shelf.
    Unlisted,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// One thing of a product that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Its stock keeping unit, unique in the mall.
    pub sku: Sku,
    /// What makes it different, for example `{"size": "M"}`.
    pub options: BTreeMap<String, String>,
    /// Price of one unit, tax included.
    pub price: Money,
}

/// A product as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductUpserted {
    /// Which product.
    pub product_id: ProductId,
    /// Whose.
    pub vendor_id: VendorId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// The shelf it stands on.
    pub category: CategorySlug,
    /// The shelf and all shelves above it, top first.
    pub category_path: Vec<CategorySlug>,
    /// What people call those shelves, in the same order; open in what was said before it was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_names: Vec<String>,
    /// Harmonised System of Nomenclature code, 4 to 8 digits.
    pub hsn: String,
    /// Goods and services tax contained in the price, in basis points.
    pub gst_rate_bp: u32,
    /// Where it stands.
    pub status: ProductStatus,
    /// What can be bought.
    pub variants: Vec<Variant>,
    /// When it was first written.
    pub created_at: Timestamp,
}

/// How much of a SKU is left, coarsely: enough for shelves and carts, too little for rivals to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    /// None.
    Out,
    /// Five or fewer.
    Low,
    /// More.
    In,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// The stock of a SKU crossed a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockLevelChanged {
    /// Of what.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// Whose.
    pub vendor_id: VendorId,
    /// What is left.
    pub level: StockLevel,
}

/// One demand within a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReserveLine {
    /// Of what.
    pub sku: Sku,
    /// How many.
    pub quantity: u32,
    /// The unit price the buyer saw; another price refuses the reservation.
    pub expected_price: Money,
}

/// Asks product-service to hold stock for a checkout: all lines or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reserve {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// What.
    pub lines: Vec<ReserveLine>,
    /// The hold ends here unless it was committed.
    pub expires_at: Timestamp,
}

/// Why a line cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Fewer are left than wanted.
    OutOfStock,
    /// The price is another one now.
    PriceChanged,
    /// The product is not on the shelf any more.
    NotSellable,
    /// Its seller may not sell.
    SellerNotActive,
    /// The checkout is too old to be acted upon.
    Stale,
    /// Its seller may not supply to the state of the address.
    NotDeliverable,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A line that cannot be sold, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineTrouble {
    /// Which line.
    pub sku: Sku,
    /// Why.
    pub trouble: Trouble,
    /// The price now, when that is the trouble.
    pub price: Option<Money>,
    /// How many are left, when too few are; open in what was said before it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

/// Stock is held for a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockReserved {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Nothing is held for a checkout: at least one line cannot be sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockRejected {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// Every line in trouble.
    pub problems: Vec<LineTrouble>,
}

/// Held stock was sold for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockCommitted {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
}

/// A confirmed order's hold had ended and the stock is gone: somebody has to make it good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitFailed {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
    /// What is missing.
    pub skus: Vec<Sku>,
}

/// Held stock went back to the shelf because the order ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockReleased {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
}

/// Held stock went back to the shelf because its time was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReservationExpired {
    /// For which checkout.
    pub checkout_id: CheckoutId,
    /// For which order.
    pub order_id: OrderId,
}

/// A rate of GST that a seller's products on the shelf bear ends within a week. Said once for each seller, rate and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateEnding {
    /// Whose products.
    pub vendor_id: VendorId,
    /// The rate in basis points.
    pub rate_bp: u32,
    /// The last day on which they may be sold with it, by the calendar of India.
    pub last_day: Date,
    /// How many products.
    pub products: u32,
    /// Some of their SKUs, 20 at most.
    pub skus: Vec<Sku>,
    /// When it was seen.
    pub at: Timestamp,
}

/// Products of a seller left the shelf, because goods of their HSN code are not sold here at all: no other rate helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductsBarred {
    /// Whose products.
    pub vendor_id: VendorId,
    /// How many.
    pub products: u32,
    /// Some of their SKUs, 20 at most.
    pub skus: Vec<Sku>,
    /// When they left.
    pub at: Timestamp,
}

/// Staff turned a product down, or took it off the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductTurnedDown {
    /// Which product.
    pub product_id: ProductId,
    /// Whose.
    pub vendor_id: VendorId,
    /// What it is called.
    pub title: String,
    /// Where it stands now: `rejected`, or `unlisted` where it is over.
    pub status: ProductStatus,
    /// Why, in staff's words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

events! {
    ProductUpserted = "product.upserted.v1" on PRODUCT_PRODUCT_STATE by product_id;
    StockLevelChanged = "stock.level_changed.v1" on PRODUCT_STOCK_STATE by sku;
    RateEnding = "product.rate_ending.v1" on PRODUCT_SELLER_EVT by vendor_id;
    ProductsBarred = "product.barred.v1" on PRODUCT_SELLER_EVT by vendor_id;
    ProductTurnedDown = "product.turned_down.v1" on PRODUCT_SELLER_EVT by vendor_id;
    Reserve = "stock.reserve.v1" on PRODUCT_RESERVATION_CMD by checkout_id;
    StockReserved = "stock.reserved.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
    StockRejected = "stock.rejected.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
    StockCommitted = "stock.committed.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
    CommitFailed = "stock.commit_failed.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
    StockReleased = "stock.released.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
    ReservationExpired = "stock.expired.v1" on PRODUCT_RESERVATION_EVT by checkout_id;
}

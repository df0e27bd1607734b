//! What cart-service says: what goes in and out of carts, and carts that ask to become orders.

use jiff::Timestamp;
use kernel::{AddressId, CheckoutId, Money, ProductId, Sku, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;

/// How the buyer wants to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Unified Payments Interface, before anything is sent.
    Upi,
    /// Cash on delivery.
    Cod,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A line of a cart, frozen with the price the buyer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FrozenLine {
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// Whose.
    pub vendor_id: VendorId,
    /// How many.
    pub quantity: u32,
    /// Price of one, as seen.
    pub unit_price: Money,
}

/// A buyer wants to turn a cart into an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckoutRequested {
    /// The checkout's name from here on.
    pub checkout_id: CheckoutId,
    /// Who buys.
    pub buyer: UserId,
    /// Where to.
    pub address_id: AddressId,
    /// Which edition of that address the buyer saw; open in what was said before the cart knew editions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_version: Option<i32>,
    /// How paid.
    pub payment_method: PaymentMethod,
    /// What the buyer agreed to pay.
    pub expected_total: Money,
    /// What.
    pub lines: Vec<FrozenLine>,
    /// When.
    pub requested_at: Timestamp,
}

/// A line of a cart was set to a quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemAdded {
    /// The cart: a user id, or a guest cart's public name.
    pub cart: String,
    /// The cart's version after the change.
    pub cart_version: i64,
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// How many there are now.
    pub quantity: u32,
}

/// A line left a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemRemoved {
    /// The cart: a user id, or a guest cart's public name.
    pub cart: String,
    /// The cart's version after the change.
    pub cart_version: i64,
    /// What.
    pub sku: Sku,
}

events! {
    CheckoutRequested = "cart.checkout_requested.v1" on CART_CHECKOUT_EVT by checkout_id;
    ItemAdded = "cart.item_added.v1" on CART_ACTIVITY_EVT by cart;
    ItemRemoved = "cart.item_removed.v1" on CART_ACTIVITY_EVT by cart;
}

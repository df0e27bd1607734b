//! What order-service says: the life of an order and of its seller orders.

mod credit;
mod returns;
mod seller_order;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    AddressId, CheckoutId, Money, OrderId, PaymentId, ProductId, SellerOrderId, Sku, StateCode,
    UserId, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cart::{FrozenLine, PaymentMethod};
use crate::entry::events;
use crate::product::LineTrouble;

pub use credit::{CreditCause, CreditedLine, Disposition, SellerOrderCredited};
pub use returns::{
    ParcelEnded, ReturnChanged, ReturnReason, ReturnReceived, ReturnState, ReturnedLine,
};
pub use seller_order::{
    DueStep, MovedLine, SellerOrderAccepted, SellerOrderArrived, SellerOrderCompleted,
    SellerOrderDelivered, SellerOrderDueSoon, SellerOrderPacked, SellerOrderRef,
    SellerOrderShipped,
};

/// One line of a seller order, with everything that was frozen at placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// What it was called.
    pub title: String,
    /// Harmonised System of Nomenclature code.
    pub hsn: String,
    /// Tax contained in the price, in basis points.
    pub gst_rate_bp: u32,
    /// How many.
    pub quantity: u32,
    /// Price of one, tax included.
    pub unit_price: Money,
    /// What the buyer pays for the line.
    pub total: Money,
    /// The total without the tax in it.
    pub taxable: Money,
    /// The tax in it.
    pub tax: Money,
}

/// What one seller supplies in an order, and how its money is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerPart {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number, derived from the order's.
    pub number: String,
    /// Who supplies.
    pub vendor_id: VendorId,
    /// The name the buyer saw.
    pub vendor_name: String,
    /// What.
    pub lines: Vec<OrderLine>,
    /// Delivery.
    pub shipping: Money,
    /// Tax in lines and delivery.
    pub tax: Money,
    /// Lines and delivery: what the buyer pays for this part.
    pub total: Money,
    /// How the total is shared.
    pub share: crate::payment::Share,
}

/// An order as frozen at placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderFact {
    /// Which checkout it came from.
    pub checkout_id: CheckoutId,
    /// Which order.
    pub order_id: OrderId,
    /// Its number for people.
    pub number: String,
    /// Who buys.
    pub buyer: UserId,
    /// Where to.
    pub address_id: AddressId,
    /// Which edition of that address.
    pub address_version: i32,
    /// GST state of the address: the place of supply.
    pub place_of_supply: StateCode,
    /// How paid.
    pub payment_method: PaymentMethod,
    /// What the buyer pays: the sum of the parts.
    pub total: Money,
    /// One part per seller.
    pub parts: Vec<SellerPart>,
    /// When placed.
    pub placed_at: Timestamp,
}

/// An order exists; nothing is held or paid yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPlaced {
    /// The order.
    pub order: OrderFact,
}

/// An order is paid (or cash on delivery was accepted) and will be supplied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderConfirmed {
    /// The order.
    pub order: OrderFact,
    /// The payment that confirmed it.
    pub payment_id: PaymentId,
    /// When.
    pub confirmed_at: Timestamp,
    /// Until when each seller has to accept its part; open in what was said before it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_until: Option<Timestamp>,
}

/// A checkout could not become an order: nothing is held, the cart comes back with the lines flagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRejected {
    /// Which checkout.
    pub checkout_id: CheckoutId,
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub buyer: UserId,
    /// What the buyer wanted.
    pub lines: Vec<FrozenLine>,
    /// Every line in trouble.
    pub problems: Vec<LineTrouble>,
    /// What the lines are called, by SKU; empty in what was said before it was said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// When.
    pub rejected_at: Timestamp,
}

/// Why an order ended without being supplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Nobody paid in time.
    PaymentWindowOver,
    /// The buyer changed their mind before paying.
    BuyerCancelled,
    /// Cash on delivery was not granted.
    CodRefused,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// An order ended without being supplied. Money that comes all the same goes back as a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCancelled {
    /// Which checkout.
    pub checkout_id: CheckoutId,
    /// Which order.
    pub order_id: OrderId,
    /// Its number for people.
    pub number: String,
    /// Whose.
    pub buyer: UserId,
    /// Why.
    pub reason: CancelReason,
    /// When.
    pub cancelled_at: Timestamp,
}

events! {
    OrderPlaced = "order.placed.v1" on ORDER_ORDER_EVT by order.checkout_id;
    OrderConfirmed = "order.confirmed.v1" on ORDER_ORDER_EVT by order.checkout_id;
    OrderRejected = "order.rejected.v1" on ORDER_ORDER_EVT by checkout_id;
    OrderCancelled = "order.cancelled.v1" on ORDER_ORDER_EVT by checkout_id;
    SellerOrderAccepted = "seller_order.accepted.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderPacked = "seller_order.packed.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderShipped = "seller_order.shipped.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderDelivered = "seller_order.delivered.v1"
        on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderArrived = "seller_order.arrived.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderCompleted = "seller_order.completed.v1"
        on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderCredited = "seller_order.credited.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    SellerOrderDueSoon = "seller_order.due_soon.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    ReturnChanged = "return.changed.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    ReturnReceived = "return.received.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
    ParcelEnded = "parcel.ended.v1" on ORDER_ORDER_EVT by seller_order.checkout_id;
}

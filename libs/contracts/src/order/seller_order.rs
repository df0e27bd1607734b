//! The life of a seller order.

use jiff::Timestamp;
use kernel::{CheckoutId, OrderId, ProductId, SellerOrderId, Sku, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sample::{id, noon, sku};
use crate::{Event, Topic, topics};

/// Which seller order, in every event about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderRef {
    /// Which checkout it belongs to.
    pub checkout_id: CheckoutId,
    /// Which order it belongs to.
    pub order_id: OrderId,
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    /// Who supplies.
    pub vendor_id: VendorId,
    /// Who buys.
    pub buyer: UserId,
    /// When it happened.
    pub at: Timestamp,
}

fn seller_order_sample() -> SellerOrderRef {
    SellerOrderRef {
        checkout_id: id(30),
        order_id: id(31),
        seller_order_id: id(32),
        number: "M261122-000001-1".into(),
        vendor_id: id(10),
        buyer: id(1),
        at: noon(),
    }
}

/// What moved, in units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MovedLine {
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// How many.
    pub quantity: u32,
}

fn moved_sample() -> Vec<MovedLine> {
    vec![MovedLine { sku: sku("LAMP-BRASS-18"), product_id: id(20), quantity: 2 }]
}

/// The seller took the seller order on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderAccepted {
    /// Which.
    pub seller_order: SellerOrderRef,
}

impl Event for SellerOrderAccepted {
    const NAME: &'static str = "seller_order.accepted.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }

    fn sample() -> Self {
        Self { seller_order: seller_order_sample() }
    }
}

/// The seller packed the parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderPacked {
    /// Which.
    pub seller_order: SellerOrderRef,
}

impl Event for SellerOrderPacked {
    const NAME: &'static str = "seller_order.packed.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }

    fn sample() -> Self {
        Self { seller_order: seller_order_sample() }
    }
}

/// The seller gave the parcel to a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderShipped {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// What is in the parcel.
    pub lines: Vec<MovedLine>,
    /// Who carries it.
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
}

impl Event for SellerOrderShipped {
    const NAME: &'static str = "seller_order.shipped.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }

    fn sample() -> Self {
        Self {
            seller_order: seller_order_sample(),
            lines: moved_sample(),
            carrier: "India Post".into(),
            tracking_number: "EE123456789IN".into(),
        }
    }
}

/// The parcel reached the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderDelivered {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// What was in the parcel.
    pub lines: Vec<MovedLine>,
}

impl Event for SellerOrderDelivered {
    const NAME: &'static str = "seller_order.delivered.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }

    fn sample() -> Self {
        Self { seller_order: seller_order_sample(), lines: moved_sample() }
    }
}

//! The life of a seller order.

use jiff::Timestamp;
use kernel::{CheckoutId, OrderId, ParcelId, ProductId, SellerOrderId, Sku, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

/// The seller gave the parcel to a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderShipped {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// Which parcel; open in what was said before a seller order could have several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel_id: Option<ParcelId>,
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
}

/// The buyer has it, and the time to send it back is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderCompleted {
    /// Which.
    pub seller_order: SellerOrderRef,
}

impl Event for SellerOrderCompleted {
    const NAME: &'static str = "seller_order.completed.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }
}

/// The parcel reached the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderDelivered {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// Which parcel; open in what was said before a seller order could have several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel_id: Option<ParcelId>,
    /// What was in the parcel.
    pub lines: Vec<MovedLine>,
}

impl Event for SellerOrderDelivered {
    const NAME: &'static str = "seller_order.delivered.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }
}

/// What a seller has to do in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueStep {
    /// Say whether it supplies.
    Accept,
    /// Give the parcel to a carrier.
    Ship,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A seller has little time left; what it does not do is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderDueSoon {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// What is to be done.
    pub step: DueStep,
    /// Until when.
    pub due_at: Timestamp,
}

impl Event for SellerOrderDueSoon {
    const NAME: &'static str = "seller_order.due_soon.v1";
    const TOPIC: &'static Topic = &topics::ORDER_ORDER_EVT;

    fn key(&self) -> String {
        self.seller_order.checkout_id.to_string()
    }
}

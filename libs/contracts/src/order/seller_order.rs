//! The life of a seller order.

use jiff::Timestamp;
use kernel::{CheckoutId, OrderId, ParcelId, ProductId, SellerOrderId, Sku, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// The seller packed the parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderPacked {
    /// Which.
    pub seller_order: SellerOrderRef,
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
    /// What is still to be sent after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_follow: Vec<MovedLine>,
    /// Who carries it.
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
}

/// The buyer has it, and the time to send it back is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderCompleted {
    /// Which.
    pub seller_order: SellerOrderRef,
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

/// The buyer has all of it: every parcel that was not taken back has arrived, and nothing is left to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SellerOrderArrived {
    /// Which.
    pub seller_order: SellerOrderRef,
    /// What the buyer has of it; empty in what was said before it was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<MovedLine>,
    /// Until when the buyer can ask to send it back, or pieces of it; open in what was said before it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returnable_until: Option<Timestamp>,
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

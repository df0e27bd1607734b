//! What a buyer sends back.

use jiff::Timestamp;
use kernel::{ParcelId, ProductId, ReturnId, Sku};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Disposition, MovedLine, SellerOrderRef};

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnState {
    /// The buyer asked; the seller answers, or it counts as approved when the time is over.
    Requested,
    /// The buyer may send it.
    Approved,
    /// The seller, or staff, will not have it back.
    Refused,
    /// The buyer keeps it after all.
    Withdrawn,
    /// The buyer did not send it in time.
    Expired,
    /// The buyer says that it is on its way.
    SentBack,
    /// Buyer and seller disagree; staff decide.
    Contested,
    /// It is back, and credited.
    Credited,
    /// It is over: what is in it was credited otherwise, because the buyer's bank took the money back.
    Settled,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Why a buyer sends something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// It came broken.
    Damaged,
    /// It does not work.
    Defective,
    /// It is not what was ordered.
    WrongItem,
    /// It is not as described.
    NotAsDescribed,
    /// It does not fit.
    DoesNotFit,
    /// The buyer changed their mind.
    ChangedMind,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// How many pieces of one line are sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnedLine {
    /// Which line of the seller order, counted from 0 in the order of the lines of its part.
    pub position: u32,
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// What it was called.
    pub title: String,
    /// How many.
    pub quantity: u32,
}

/// A return began, or came to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnChanged {
    /// Of which seller order.
    pub seller_order: SellerOrderRef,
    /// Which return.
    pub return_id: ReturnId,
    /// Where it stands now.
    pub state: ReturnState,
    /// What.
    pub lines: Vec<ReturnedLine>,
    /// Why.
    pub reason: ReturnReason,
    /// What was said with the last step, by whoever took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Until when it stands like this without anybody doing anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What was sent back is with its seller, though the return was settled otherwise: only its pieces move. Said once per return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnReceived {
    /// Of which seller order.
    pub seller_order: SellerOrderRef,
    /// Which return.
    pub return_id: ReturnId,
    /// What.
    pub lines: Vec<MovedLine>,
    /// What becomes of it.
    pub stock: Disposition,
}

/// A parcel that was on its way when the buyer's bank settled all of its seller order ended without its buyer: it came back,
/// or is lost. Only its pieces move. Said once per parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParcelEnded {
    /// Of which seller order.
    pub seller_order: SellerOrderRef,
    /// Which parcel.
    pub parcel_id: ParcelId,
    /// What.
    pub lines: Vec<MovedLine>,
    /// What becomes of it.
    pub stock: Disposition,
}

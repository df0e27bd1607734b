//! Money that the buyer's bank takes back.

use jiff::Timestamp;
use kernel::{DisputeId, Money, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PaymentRef;

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// The bank asks; the money is held until it is decided.
    Open,
    /// The money stays.
    Won,
    /// The money is gone.
    Lost,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Who bears what was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeBearer {
    /// The sellers of the order: what was sold is taken back from their shares.
    Sellers,
    /// The platform.
    Platform,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// A payment is disputed, or what was disputed is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisputeChanged {
    /// Which payment.
    pub payment: PaymentRef,
    /// Which dispute.
    pub dispute_id: DisputeId,
    /// The provider's name for it.
    pub provider_dispute_id: String,
    /// How much is disputed.
    pub disputed: Money,
    /// Where it stands now.
    pub state: DisputeState,
    /// Who bears it, once staff have said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<DisputeBearer>,
    /// Until when the bank takes an answer, where the provider says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond_by: Option<Timestamp>,
    /// Why it asks, in the provider's word, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
    /// The order's number for people; open in what was said before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// Whose bank it is; open in what was said before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<UserId>,
    /// The sellers of the order, where it was paid by what is disputed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vendors: Vec<VendorId>,
}

//! What admin-service says: decisions of staff. The owner of the fact carries them out.

use jiff::Timestamp;
use kernel::{ProductId, ReviewId, UserId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entry::events;
use crate::vendor::Correction;

/// What staff decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Let in, publish.
    Approve,
    /// Turn down.
    Reject,
    /// Take out again: suspend a seller, unlist a product, remove a review.
    Suspend,
    /// Something newer than this reader.
    #[serde(other)]
    Unknown,
}

/// Staff decided about a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorDecided {
    /// About which seller.
    pub vendor_id: VendorId,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// What a seller that is turned down is asked to correct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Who.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Timestamp,
}

/// Staff decided about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductModerated {
    /// About which product.
    pub product_id: ProductId,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Timestamp,
}

/// Staff decided about a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewModerated {
    /// About which review.
    pub review_id: ReviewId,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Timestamp,
}

events! {
    VendorDecided = "admin.vendor_decided.v1" on ADMIN_DECISION_EVT by vendor_id;
    ProductModerated = "admin.product_moderated.v1" on ADMIN_DECISION_EVT by product_id;
    ReviewModerated = "admin.review_moderated.v1" on ADMIN_DECISION_EVT by review_id;
}

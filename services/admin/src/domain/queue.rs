//! What waits in the queues, as staff see it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A document a seller handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct KycDocumentItem {
    #[serde(skip)]
    pub vendor_id: Uuid,
    pub document_id: Uuid,
    pub kind: String,
    pub content_type: String,
    pub sha256: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedProduct {
    pub product_id: Uuid,
    pub vendor_id: Uuid,
    pub title: String,
    pub category: String,
    pub status: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedReview {
    pub review_id: Uuid,
    /// `product` or `vendor`.
    pub target_kind: String,
    pub target_id: Uuid,
    pub order_id: Option<Uuid>,
    pub stars: Option<i16>,
    pub title: Option<String>,
    pub text: Option<String>,
    pub status: String,
}

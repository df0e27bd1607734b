//! What waits for a decision.

use std::collections::HashMap;

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::page::{cursor, rows};
use chassis::{Json, Page, Problem, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::domain::queue::{KycDocumentItem, QueuedProduct, QueuedReview};
use crate::store::queues;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery<S: ToSchema> {
    /// Only those that stand here; all without it.
    #[param(inline)]
    status: Option<S>,
    /// How many items, 1 to 100.
    #[serde(default = "chassis::page::default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

/// `draft` (not handed in yet), `submitted` (waits for a decision), `approved` (may sell), `rejected` (may correct and
/// submit again) or `suspended` (may not sell for now).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum VendorStatus {
    Draft,
    Submitted,
    Approved,
    Rejected,
    Suspended,
}

/// `draft` (not proposed yet), `proposed` (waits for a decision), `published`, `rejected` or `unlisted` (taken away).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProductStatus {
    Draft,
    Proposed,
    Published,
    Rejected,
    Unlisted,
}

/// `submitted` (waits for a decision), `published` or `removed` (turned down, or taken off the page).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReviewStatus {
    Submitted,
    Published,
    Removed,
}

impl<S: ToSchema> QueueQuery<S> {
    fn place(&self) -> Result<(i64, Option<Uuid>), Problem> {
        Ok((rows(self.limit)?, cursor(self.after.as_deref())?))
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedVendor {
    vendor_id: Uuid,
    display_name: String,
    legal_name: String,
    gstin: Option<String>,
    /// Under which scheme of GST it says to supply: `regular`, `composition` or `enrolled`. Compare it with the documents:
    /// what is wrong here is wrong on every invoice.
    scheme: Option<String>,
    /// Its enrolment number, where it has no GSTIN. Without one it was not asked: have it entered before you approve.
    enrolment: Option<String>,
    status: String,
    /// Those that were handed in.
    documents: Vec<KycDocumentItem>,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// Lists sellers, oldest first, with their documents.
#[utoipa::path(
    get, path = "/v1/admin/vendors", operation_id = "listVendorQueue", tag = "admin",
    params(QueueQuery<VendorStatus>), responses((status = 200, body = Page<QueuedVendor>)),
    security(("bearer" = ["staff"])),
)]
pub async fn vendors(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<VendorStatus>>,
) -> Result<Json<Page<QueuedVendor>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_vendors(&mut conn, query.status.map(Into::into), after, rows).await?;
    let page = Page::of(found, query.limit, |vendor| vendor.id);
    let ids: Vec<Uuid> = page.items.iter().map(|vendor| vendor.id).collect();
    let mut documents: HashMap<Uuid, Vec<KycDocumentItem>> = HashMap::new();
    for document in queues::list_documents(&mut conn, &ids).await? {
        documents.entry(document.vendor_id).or_default().push(document);
    }
    Ok(Json(page.map(|vendor| QueuedVendor {
        vendor_id: vendor.id,
        display_name: vendor.display_name,
        legal_name: vendor.legal_name,
        gstin: vendor.gstin,
        scheme: vendor.scheme,
        enrolment: vendor.enrolment,
        status: vendor.status,
        documents: documents.remove(&vendor.id).unwrap_or_default(),
        since: vendor.since,
    })))
}

/// Lists products, oldest first.
#[utoipa::path(
    get, path = "/v1/admin/products", operation_id = "listProductQueue", tag = "admin",
    params(QueueQuery<ProductStatus>), responses((status = 200, body = Page<QueuedProduct>)),
    security(("bearer" = ["staff"])),
)]
pub async fn products(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ProductStatus>>,
) -> Result<Json<Page<QueuedProduct>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_products(&mut conn, query.status.map(Into::into), after, rows).await?;
    Ok(Json(Page::of(found, query.limit, |product| product.product_id)))
}

/// Lists reviews, oldest first.
#[utoipa::path(
    get, path = "/v1/admin/reviews", operation_id = "listReviewQueue", tag = "admin",
    params(QueueQuery<ReviewStatus>), responses((status = 200, body = Page<QueuedReview>)),
    security(("bearer" = ["staff"])),
)]
pub async fn reviews(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ReviewStatus>>,
) -> Result<Json<Page<QueuedReview>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_reviews(&mut conn, query.status.map(Into::into), after, rows).await?;
    Ok(Json(Page::of(found, query.limit, |review| review.review_id)))
}

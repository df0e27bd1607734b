//! What waits for a decision.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::page::{cursor, rows};
use chassis::{Json, Page, Problem, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::store::{queues, wire};

/// Which part of a queue of things that stand at `S` is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery<S: ToSchema> {
    /// Where they stand; all without it.
    #[param(inline)]
    status: Option<S>,
    /// How many, 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

/// Where a seller stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VendorStatus {
    /// Filling in the application.
    Draft,
    /// Waits for a decision.
    Submitted,
    /// May sell.
    Approved,
    /// Was refused.
    Rejected,
    /// May not sell for now.
    Suspended,
}

/// Where a product stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being written by its seller.
    Draft,
    /// Waits for moderation.
    Proposed,
    /// On the shelf.
    Published,
    /// Turned down.
    Rejected,
    /// Taken off the shelf.
    Unlisted,
}

/// Where a review stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Waits for moderation.
    Submitted,
    /// Public.
    Published,
    /// Turned down, or taken off the page.
    Removed,
}

fn twenty() -> i64 {
    20
}

impl<S: ToSchema + Serialize> QueueQuery<S> {
    fn place(&self) -> Result<(i64, Option<Uuid>), Problem> {
        Ok((rows(self.limit)?, cursor(self.after.as_deref())?))
    }

    fn status(&self) -> Option<String> {
        self.status.as_ref().map(wire)
    }
}

/// A document a seller handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    document_id: Uuid,
    kind: String,
    content_type: String,
    sha256: String,
}

/// A seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorItem {
    vendor_id: Uuid,
    display_name: String,
    legal_name: String,
    gstin: Option<String>,
    status: String,
    documents: Vec<DocumentView>,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// The queue of sellers.
#[utoipa::path(get, path = "/v1/admin/vendors", tag = "admin", params(QueueQuery<VendorStatus>),
    responses((status = 200, body = Page<VendorItem>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn vendors(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<VendorStatus>>,
) -> Result<Json<Page<VendorItem>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_vendors(&mut conn, query.status().as_deref(), after, rows).await?;
    let page = Page::of(found, query.limit, |vendor| vendor.id);
    let ids: Vec<Uuid> = page.items.iter().map(|vendor| vendor.id).collect();
    let documents = queues::list_documents(&mut conn, &ids).await?;
    Ok(Json(page.map(|vendor| {
        VendorItem {
            vendor_id: vendor.id,
            display_name: vendor.display_name,
            legal_name: vendor.legal_name,
            gstin: vendor.gstin,
            status: vendor.status,
            documents: documents
                .iter()
                .filter(|document| document.vendor_id == vendor.id)
                .map(|document| DocumentView {
                    document_id: document.id,
                    kind: document.kind.clone(),
                    content_type: document.content_type.clone(),
                    sha256: document.sha256.clone(),
                })
                .collect(),
            since: vendor.since,
        }
    })))
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductItem {
    product_id: Uuid,
    vendor_id: Uuid,
    title: String,
    category: String,
    status: String,
}

/// The queue of products.
#[utoipa::path(get, path = "/v1/admin/products", tag = "admin", params(QueueQuery<ProductStatus>),
    responses((status = 200, body = Page<ProductItem>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn products(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ProductStatus>>,
) -> Result<Json<Page<ProductItem>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_products(&mut conn, query.status().as_deref(), after, rows).await?;
    Ok(Json(Page::of(found, query.limit, |product| product.id).map(|product| ProductItem {
        product_id: product.id,
        vendor_id: product.vendor_id,
        title: product.title,
        category: product.category,
        status: product.status,
    })))
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewItem {
    review_id: Uuid,
    /// `product` or `vendor`.
    target_kind: String,
    target_id: Uuid,
    order_id: Option<Uuid>,
    stars: Option<i16>,
    title: Option<String>,
    text: Option<String>,
    status: String,
}

/// The queue of reviews.
#[utoipa::path(get, path = "/v1/admin/reviews", tag = "admin", params(QueueQuery<ReviewStatus>),
    responses((status = 200, body = Page<ReviewItem>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn reviews(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ReviewStatus>>,
) -> Result<Json<Page<ReviewItem>>, Problem> {
    let (rows, after) = query.place()?;
    let mut conn = app.db.read().await?;
    let found = queues::list_reviews(&mut conn, query.status().as_deref(), after, rows).await?;
    Ok(Json(Page::of(found, query.limit, |review| review.id).map(|review| ReviewItem {
        review_id: review.id,
        target_kind: review.target_kind,
        target_id: review.target_id,
        order_id: review.order_id,
        stars: review.stars,
        title: review.title,
        text: review.text,
        status: review.status,
    })))
}

//! What waits for a decision.

use std::collections::HashMap;

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Page, PageQuery, Paging, Path, Problem, Query};
use jiff::{SignedDuration, Timestamp};
use kernel::VendorId;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use strum::IntoStaticStr;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::domain::queue::{KycDocumentItem, QueuedProduct, QueuedReview};
use crate::error::Error;
use crate::store::queues::{self, Vendor};
use crate::store::strikes::{self, Strikes};

/// For how long a strike counts; the seller sees the same number in its profile.
const LATELY: SignedDuration = SignedDuration::from_hours(90 * 24);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery<S: ToSchema> {
    /// Only those that stand here; all without it.
    #[param(inline)]
    status: Option<S>,
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

/// What counts against a seller, of the last ninety days.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct StrikesView {
    /// How many seller orders it rejected.
    rejected: i64,
    /// How many it did not accept or ship in time.
    late: i64,
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
    /// What counts against it.
    strikes: StrikesView,
    /// Those that were handed in.
    documents: Vec<KycDocumentItem>,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// Lists sellers, oldest first, with their documents and what counts against them.
#[utoipa::path(
    get, path = "/v1/admin/vendors", operation_id = "listVendorQueue", tag = "admin",
    params(QueueQuery<VendorStatus>, PageQuery),
    responses((status = 200, body = Page<QueuedVendor>)),
    security(("bearer" = ["staff"])),
)]
pub async fn vendors(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<VendorStatus>>,
    page: Paging<Uuid>,
) -> Result<Json<Page<QueuedVendor>>, Problem> {
    let status = query.status.map(Into::into);
    let mut conn = app.db.read().await?;
    let found = queues::list_vendors(&mut conn, status, page.after, page.rows).await?;
    let page = Page::of(found, page.limit, |vendor| vendor.id);
    let ids: Vec<Uuid> = page.items.iter().map(|vendor| vendor.id).collect();
    let mut known = Known::of(&app, &mut conn, &ids).await?;
    Ok(Json(page.map(|vendor| known.show(vendor))))
}

/// Shows one seller, with its documents and what counts against it.
#[utoipa::path(
    get, path = "/v1/admin/vendors/{id}", operation_id = "getVendorAsStaff", tag = "admin",
    params(("id" = VendorId, Path, description = "The seller.")),
    responses((status = 200, body = QueuedVendor)), security(("bearer" = ["staff"])),
)]
pub async fn vendor(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Path(id): Path<VendorId>,
) -> Result<Json<QueuedVendor>, Problem> {
    let mut conn = app.db.read().await?;
    let vendor = queues::find_vendor(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let mut known = Known::of(&app, &mut conn, &[vendor.id]).await?;
    Ok(Json(known.show(vendor)))
}

/// What is known of sellers besides themselves.
struct Known {
    documents: HashMap<Uuid, Vec<KycDocumentItem>>,
    strikes: HashMap<Uuid, StrikesView>,
}

impl Known {
    async fn of(app: &App, conn: &mut PgConnection, ids: &[Uuid]) -> Result<Self, Problem> {
        let mut documents: HashMap<Uuid, Vec<KycDocumentItem>> = HashMap::new();
        for document in queues::list_documents(conn, ids).await? {
            documents.entry(document.vendor_id).or_default().push(document);
        }
        let strikes = strikes::count(conn, ids, app.clock.now() - LATELY).await?.into_iter();
        let view =
            |it: Strikes| (it.vendor_id, StrikesView { rejected: it.rejected, late: it.late });
        Ok(Self { documents, strikes: strikes.map(view).collect() })
    }

    fn show(&mut self, vendor: Vendor) -> QueuedVendor {
        QueuedVendor {
            vendor_id: vendor.id,
            display_name: vendor.display_name,
            legal_name: vendor.legal_name,
            gstin: vendor.gstin,
            scheme: vendor.scheme,
            enrolment: vendor.enrolment,
            status: vendor.status,
            strikes: self.strikes.remove(&vendor.id).unwrap_or_default(),
            documents: self.documents.remove(&vendor.id).unwrap_or_default(),
            since: vendor.since,
        }
    }
}

/// Lists products, oldest first.
#[utoipa::path(
    get, path = "/v1/admin/products", operation_id = "listProductQueue", tag = "admin",
    params(QueueQuery<ProductStatus>, PageQuery),
    responses((status = 200, body = Page<QueuedProduct>)),
    security(("bearer" = ["staff"])),
)]
pub async fn products(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ProductStatus>>,
    page: Paging<Uuid>,
) -> Result<Json<Page<QueuedProduct>>, Problem> {
    let status = query.status.map(Into::into);
    let mut conn = app.db.read().await?;
    let found = queues::list_products(&mut conn, status, page.after, page.rows).await?;
    Ok(Json(Page::of(found, page.limit, |product| product.product_id)))
}

/// Lists reviews, oldest first.
#[utoipa::path(
    get, path = "/v1/admin/reviews", operation_id = "listReviewQueue", tag = "admin",
    params(QueueQuery<ReviewStatus>, PageQuery),
    responses((status = 200, body = Page<QueuedReview>)),
    security(("bearer" = ["staff"])),
)]
pub async fn reviews(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<QueueQuery<ReviewStatus>>,
    page: Paging<Uuid>,
) -> Result<Json<Page<QueuedReview>>, Problem> {
    let status = query.status.map(Into::into);
    let mut conn = app.db.read().await?;
    let found = queues::list_reviews(&mut conn, status, page.after, page.rows).await?;
    Ok(Json(Page::of(found, page.limit, |review| review.review_id)))
}

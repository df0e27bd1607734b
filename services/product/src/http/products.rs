//! A seller's own products.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Tx};
use jiff::Timestamp;
use kernel::{CategorySlug, Money, ProductId, Sku, VendorId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::App;
use crate::domain::price::Price;
use crate::domain::product::{Content, Product, Variant};
use crate::domain::status::Status;
use crate::domain::text::{Description, Hsn, Options, Title};
use crate::error::Error;
use crate::usecases::edit::Changes;
use crate::{store, usecases};

/// A new product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// One line, 1 to 200 characters.
    title: Title,
    /// Plain text, up to 5000 characters.
    description: Description,
    /// A category without children.
    category: CategorySlug,
    /// Harmonised System of Nomenclature code: 4, 6 or 8 digits.
    hsn: Hsn,
    /// Goods and services tax contained in the prices, in basis points.
    #[schema(maximum = 10_000)]
    gst_rate_bp: u32,
    /// What can be bought: 1 to 50.
    #[schema(min_items = 1, max_items = 50)]
    variants: Vec<NewVariant>,
}

/// One thing of a product that can be bought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// Unique in the mall.
    sku: Sku,
    /// What makes it different: up to 5 names and values.
    #[serde(default)]
    options: Options,
    /// Price of one, tax included.
    price: Price,
}

/// What is to be said instead; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChanges {
    /// One line, 1 to 200 characters.
    title: Option<Title>,
    /// Plain text, up to 5000 characters.
    description: Option<Description>,
    /// A category without children.
    category: Option<CategorySlug>,
    /// Harmonised System of Nomenclature code: 4, 6 or 8 digits.
    hsn: Option<Hsn>,
    /// Goods and services tax contained in the prices, in basis points.
    #[schema(maximum = 10_000)]
    gst_rate_bp: Option<u32>,
}

/// Where a product stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being written by its seller.
    Draft,
    /// Waiting for moderation.
    Proposed,
    /// On the shelf.
    Published,
    /// Turned down by moderation.
    Rejected,
    /// Taken off the shelf.
    Unlisted,
}

impl From<&Status> for ProductStatus {
    fn from(status: &Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::Proposed => Self::Proposed,
            Status::Published => Self::Published,
            Status::Rejected { .. } => Self::Rejected,
            Status::Unlisted { .. } => Self::Unlisted,
        }
    }
}

/// A product as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnProduct {
    /// Which.
    product_id: ProductId,
    /// Whose.
    vendor_id: VendorId,
    /// What it is called.
    title: String,
    /// What it is.
    description: String,
    /// The shelf it stands on.
    category: CategorySlug,
    /// What it is to the tax office.
    hsn: String,
    /// Tax contained in the prices, in basis points.
    gst_rate_bp: u32,
    /// Where it stands.
    status: ProductStatus,
    /// Why moderation said no, if it did.
    #[schema(required)]
    reason: Option<String>,
    /// What can be bought.
    variants: Vec<OwnVariant>,
    /// When it was first written.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

/// One thing of a product that can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnVariant {
    /// Unique in the mall.
    sku: Sku,
    /// What makes it different.
    options: BTreeMap<String, String>,
    /// Price of one, tax included.
    price: Money,
}

impl From<&Product> for OwnProduct {
    fn from(product: &Product) -> Self {
        let content = &product.content;
        Self {
            product_id: product.id,
            vendor_id: product.vendor_id,
            title: content.title.as_str().to_owned(),
            description: content.description.as_str().to_owned(),
            category: content.category.clone(),
            hsn: content.hsn.as_str().to_owned(),
            gst_rate_bp: content.gst_rate_bp,
            status: ProductStatus::from(&product.status),
            reason: product.status.reason().map(str::to_owned),
            variants: product.variants.iter().map(OwnVariant::from).collect(),
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

impl From<&Variant> for OwnVariant {
    fn from(variant: &Variant) -> Self {
        Self {
            sku: variant.sku.clone(),
            options: variant.options.get().clone(),
            price: variant.price.money(),
        }
    }
}

fn answer(product: &Product) -> Tagged<OwnProduct> {
    Tagged(product.version, OwnProduct::from(product))
}

/// Writes a new product down as a draft.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/products",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body = NewProduct,
    responses(
        (status = 201, body = OwnProduct),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn create(
    State(app): State<App>,
    seller: VendorOf,
    once: Idempotent<NewProduct>,
) -> Result<Response, Problem> {
    let scope = seller.caller.user_id.to_string();
    let create = async |tx: &mut Tx, body: NewProduct| {
        let NewProduct { title, description, category, hsn, gst_rate_bp, variants } = body;
        let content = Content { title, description, category, hsn, gst_rate_bp };
        let variant = |v: NewVariant| Variant { sku: v.sku, options: v.options, price: v.price };
        let variants = variants.into_iter().map(variant).collect();
        let made = usecases::create::create(tx, seller.vendor_id, content, variants).await?;
        Ok((StatusCode::CREATED, OwnProduct::from(&made)))
    };
    once.answer(&app.db, &scope, create).await
}

/// Lists all products of the seller, newest first.
#[utoipa::path(
    get,
    path = "/v1/vendors/{vendor_id}/products",
    tag = "product",
    params(("vendor_id" = VendorId, Path), PageQuery),
    responses(
        (status = 200, body = Page<OwnProduct>),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    seller: VendorOf,
    chassis::Query(page): chassis::Query<PageQuery>,
) -> Result<Json<Page<OwnProduct>>, Problem> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let read = async {
        let mut conn = app.db.read().await?;
        let ids = store::listings::list_own(&mut conn, seller.vendor_id, after, rows).await?;
        Ok::<_, Error>(store::products::list(&mut conn, &ids).await?)
    };
    let products = read.await?;
    Ok(Json(Page::of(products, page.limit, |p| p.id).map(|p| OwnProduct::from(&p))))
}

/// Shows one of the seller's products.
#[utoipa::path(
    get,
    path = "/v1/vendors/{vendor_id}/products/{id}",
    tag = "product",
    params(("vendor_id" = VendorId, Path), ("id" = ProductId, Path)),
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn find(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ProductId)>,
) -> Result<Tagged<OwnProduct>, Problem> {
    let (_, id) = path;
    let product = store::products::find(&mut *app.db.read().await?, id).await?;
    let own = product.filter(|product| product.vendor_id == seller.vendor_id);
    Ok(own.map(|product| answer(&product)).ok_or(Error::NotFound)?)
}

/// Changes what is said about a product. Its prices and its stock have routes of their own.
#[utoipa::path(
    patch,
    path = "/v1/vendors/{vendor_id}/products/{id}",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("id" = ProductId, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag it was read with"),
    ),
    request_body = ProductChanges,
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, body = Problem),
        (status = 422, body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn edit(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ProductId)>,
    seen: IfMatch,
    Json(body): Json<ProductChanges>,
) -> Result<Tagged<OwnProduct>, Problem> {
    let (_, id) = path;
    let ProductChanges { title, description, category, hsn, gst_rate_bp } = body;
    let changes = Changes { title, description, category, hsn, gst_rate_bp };
    let product = usecases::edit::edit(&app, seller.vendor_id, id, changes, seen).await?;
    Ok(answer(&product))
}

/// Puts a draft or a rejected product before moderation.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/products/{id}/propose",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("id" = ProductId, Path),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body = Option<NoBody>,
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn propose(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ProductId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let (_, id) = path;
    let scope = seller.caller.user_id.to_string();
    let propose = async |tx: &mut Tx, _| {
        Ok(answer(&usecases::propose::propose(tx, seller.vendor_id, id).await?))
    };
    once.answer(&app.db, &scope, propose).await
}

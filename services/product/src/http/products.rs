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
use crate::domain::status::ListingStatus;
use crate::domain::text::{Description, Hsn, Options, Title};
use crate::error::Error;
use crate::usecases::edit::Changes;
use crate::{store, usecases};

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
    /// GST contained in the prices, in basis points: 1800 is 18 %. It has to be a rate that is valid today.
    #[schema(maximum = 10_000)]
    gst_rate_bp: u32,
    /// 1 to 50. None can be added or taken away later.
    #[schema(min_items = 1, max_items = 50)]
    variants: Vec<NewVariant>,
}

/// One thing of a product that can be bought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// Unique in the whole mall.
    sku: Sku,
    /// What makes it different: up to 5 names and values, such as `{"size": "M"}`.
    #[serde(default)]
    options: Options,
    /// Price of one, tax included.
    price: Price,
}

/// What is to be changed; what is left out stays.
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
    /// GST contained in the prices, in basis points: 1800 is 18 %. It has to be a rate that is valid today.
    #[schema(maximum = 10_000)]
    gst_rate_bp: Option<u32>,
}

/// `draft`: being written. `proposed`: waiting for staff. `published`: on the shelf. `rejected`: turned down, or its
/// rate of GST has ended; may be proposed again. `unlisted`: taken off the shelf for good.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    Draft,
    Proposed,
    Published,
    Rejected,
    Unlisted,
}

impl From<&ListingStatus> for ProductStatus {
    fn from(status: &ListingStatus) -> Self {
        match status {
            ListingStatus::Draft => Self::Draft,
            ListingStatus::Proposed => Self::Proposed,
            ListingStatus::Published => Self::Published,
            ListingStatus::Rejected { .. } => Self::Rejected,
            ListingStatus::Unlisted { .. } => Self::Unlisted,
        }
    }
}

/// A product as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnProduct {
    product_id: ProductId,
    vendor_id: VendorId,
    title: String,
    description: String,
    category: CategorySlug,
    /// Harmonised System of Nomenclature code.
    hsn: String,
    /// GST contained in the prices, in basis points.
    gst_rate_bp: u32,
    status: ProductStatus,
    /// Why staff turned it down or took it off the shelf; else `null`.
    #[schema(required)]
    reason: Option<String>,
    variants: Vec<OwnVariant>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// One thing of a product that can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnVariant {
    sku: Sku,
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

/// Makes a new product, as a draft.
///
/// Only its seller sees it. Count stock in and propose it.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/products", operation_id = "createProduct",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = NewProduct,
    responses(
        (status = 201, body = OwnProduct),
        (status = 409, description = "`product/sku-taken`: by this seller or another one; `errors` says which", body = Problem),
    ),
    security(("bearer" = ["seller"])),
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

/// Lists all of a seller's products, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/products", operation_id = "listVendorProducts",
    tag = "product", params(("vendor_id" = VendorId, Path), PageQuery),
    responses((status = 200, body = Page<OwnProduct>)), security(("bearer" = ["seller"])),
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

/// Shows one of a seller's products.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/products/{id}", operation_id = "getVendorProduct",
    tag = "product", params(("vendor_id" = VendorId, Path), ("id" = ProductId, Path)),
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
    ),
    security(("bearer" = ["seller"])),
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

/// Changes what is said about a product.
///
/// What is on the shelf stays there while staff look at it. Prices and stock have routes of their own.
#[utoipa::path(
    patch, path = "/v1/vendors/{vendor_id}/products/{id}", operation_id = "editProduct",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("id" = ProductId, Path),
        ("If-Match" = Option<String>, Header),
    ),
    request_body = ProductChanges,
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
    ),
    security(("bearer" = ["seller"])),
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

/// Proposes a product to staff.
///
/// It has to be a draft or rejected, its seller approved, and its rate of GST valid today. Once staff approve it, it is on
/// the shelf.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/products/{id}/propose", operation_id = "proposeProduct",
    tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("id" = ProductId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = Option<NoBody>,
    responses(
        (status = 200, body = OwnProduct, headers(("ETag" = String, description = "for If-Match"))),
        (status = 409, description = "`product/not-proposable`: neither a draft nor rejected. `product/seller-not-approved`", body = Problem),
    ),
    security(("bearer" = ["seller"])),
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

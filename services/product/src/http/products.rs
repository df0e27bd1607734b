//! A seller's own products.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Paging, Path, Problem, Tx};
use kernel::{ProductId, Sku, VendorId};

use crate::App;
use crate::domain::product::{Content, Product, Variant};
use crate::error::Error;
use crate::usecases::edit::Changes;
use crate::{store, usecases};

mod bodies;
pub use bodies::{NewProduct, NewVariant, OwnProduct, ProductChanges, ProductStatus};

impl From<NewVariant> for Variant {
    fn from(new: NewVariant) -> Self {
        Self { sku: Sku::kept(new.sku.as_str()), options: new.options, price: new.price }
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
        let variants = variants.into_iter().map(Variant::from).collect();
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
    page: Paging<ProductId>,
) -> Result<Json<Page<OwnProduct>>, Problem> {
    let read = async {
        let mut conn = app.db.read().await?;
        let ids =
            store::listings::list_own(&mut conn, seller.vendor_id, page.after, page.rows).await?;
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

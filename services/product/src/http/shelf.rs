//! The shop's shelf: what everybody sees.

use std::collections::BTreeMap;

use axum::extract::State;
use chassis::etag::Hashed;
use chassis::{Json, Page, PageQuery, Paging, Path, Problem, Query};
use kernel::{CategorySlug, Money, ProductId, Sku, VendorId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::products::ProductStatus;
use crate::App;
use crate::domain::product::Variant;
use crate::domain::status::ListingStatus;
use crate::error::Error;
use crate::store;
use crate::store::listings::{Filter, Shelved};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShelfQuery {
    /// Only products of this category or one below it.
    category: Option<CategorySlug>,
    /// Only products of this seller.
    vendor_id: Option<VendorId>,
}

/// A product as buyers see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShelfProduct {
    product_id: ProductId,
    vendor_id: VendorId,
    title: String,
    description: String,
    category: CategorySlug,
    /// Always `published`: nothing else stands here.
    status: ProductStatus,
    variants: Vec<ShelfVariant>,
    rating: RatingView,
}

/// One thing of a product that can be bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShelfVariant {
    sku: Sku,
    options: BTreeMap<String, String>,
    /// Price of one, tax included.
    price: Money,
    /// False when the last ones are held for other buyers, too.
    in_stock: bool,
}

/// What buyers thought of it: published reviews only.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// Stars with two decimals; `0.00` before the first review.
    #[schema(example = "4.50", pattern = "^[0-5]\\.[0-9]{2}$")]
    average: String,
    count: u64,
}

impl From<Shelved> for ShelfProduct {
    fn from(product: Shelved) -> Self {
        let variant = |(variant, in_stock): (Variant, bool)| ShelfVariant {
            sku: variant.sku,
            options: variant.options.get().clone(),
            price: variant.price.money(),
            in_stock,
        };
        let rating = product.rating;
        Self {
            product_id: product.id,
            vendor_id: product.vendor_id,
            title: product.title,
            description: product.description,
            category: product.category,
            status: ProductStatus::from(&ListingStatus::Published),
            variants: product.variants.into_iter().map(variant).collect(),
            rating: RatingView { average: rating.average(), count: rating.count },
        }
    }
}

async fn read(conn: &mut PgConnection, ids: &[ProductId]) -> Result<Vec<ShelfProduct>, Error> {
    let products = store::listings::list_shelved(conn, ids).await?;
    Ok(products.into_iter().map(ShelfProduct::from).collect())
}

/// Lists what is on the shelf, newest first.
///
/// That is what is published, of sellers who may sell.
#[utoipa::path(
    get, path = "/v1/products", operation_id = "listProducts", tag = "product",
    params(ShelfQuery, PageQuery),
    responses((status = 200, body = Page<ShelfProduct>)),
)]
pub async fn list(
    State(app): State<App>,
    Query(query): Query<ShelfQuery>,
    page: Paging<ProductId>,
) -> Result<Json<Page<ShelfProduct>>, Problem> {
    let filter = Filter { category: query.category, vendor_id: query.vendor_id };
    let read = async {
        let mut conn = app.db.read().await?;
        let ids =
            store::listings::list_published(&mut conn, &filter, page.after, page.rows).await?;
        read(&mut conn, &ids).await
    };
    Ok(Json(Page::of(read.await?, page.limit, |product| product.product_id)))
}

/// Shows one product that is on the shelf.
#[utoipa::path(
    get, path = "/v1/products/{id}", operation_id = "getProduct", tag = "product",
    params(("id" = ProductId, Path)),
    responses(
        (status = 200, body = ShelfProduct, headers(("ETag" = String, description = "a hash of the answer"))),
    ),
)]
pub async fn find(
    State(app): State<App>,
    Path(id): Path<ProductId>,
) -> Result<Hashed<ShelfProduct>, Problem> {
    let mut conn = app.db.read().await?;
    if !store::listings::is_published(&mut conn, id).await? {
        return Err(Error::NotFound.into());
    }
    Ok(read(&mut conn, &[id]).await?.pop().map(Hashed).ok_or(Error::NotFound)?)
}

//! What a SKU costs.

use axum::extract::State;
use chassis::auth::VendorOf;
use chassis::etag::{IfMatch, Tagged};
use chassis::{Json, Path, Problem};
use kernel::{Money, Sku, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::domain::price::Price;
use crate::usecases;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// Price of one, tax included.
    price: Price,
}

/// What a SKU costs now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceView {
    sku: Sku,
    /// Price of one, tax included.
    price: Money,
}

/// Sets what a SKU costs.
///
/// A checkout that agreed to the former price and holds no stock yet is rejected. The `ETag` is that of the product.
#[utoipa::path(
    put, path = "/v1/vendors/{vendor_id}/prices/{sku}", operation_id = "setPrice", tag = "product",
    params(
        ("vendor_id" = VendorId, Path),
        ("sku" = Sku, Path),
        ("If-Match" = Option<String>, Header),
    ),
    request_body = NewPrice,
    responses(
        (status = 200, body = PriceView, headers(("ETag" = String, description = "for If-Match"))),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn set(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, Sku)>,
    seen: IfMatch,
    Json(NewPrice { price }): Json<NewPrice>,
) -> Result<Tagged<PriceView>, Problem> {
    let (_, sku) = path;
    let product = usecases::set_price::set_price(&app, seller.vendor_id, &sku, price, seen).await?;
    Ok(Tagged(product.version, PriceView { sku, price: price.money() }))
}

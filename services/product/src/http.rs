//! Requests in: what clients may ask.

mod categories;
mod gst_rates;
mod prices;
mod products;
mod schemas;
mod shelf;
mod stock;
mod tax_rates;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled(
        "product-service",
        "The catalogue, its prices, its stock and what is held of it for checkouts.",
    )
    .routes(routes!(categories::tree))
    .routes(routes!(shelf::list))
    .routes(routes!(shelf::find))
    .routes(routes!(products::create, products::list))
    .routes(routes!(products::find, products::edit))
    .routes(routes!(products::propose))
    .routes(routes!(prices::set))
    .routes(routes!(stock::add))
    .routes(routes!(stock::find))
    .routes(routes!(gst_rates::list))
    .routes(routes!(tax_rates::list, tax_rates::keep))
}

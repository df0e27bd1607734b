//! Requests in: the routes of the rating service.

mod listing;
mod reviews;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled("rating-service", "Reviews of products and sellers, and their averages.")
        .routes(routes!(reviews::submit))
        .routes(routes!(reviews::take_back))
        .routes(routes!(listing::of_product))
        .routes(routes!(listing::of_vendor))
}

//! Requests in: the routes of the rating service.

mod listing;
mod reviews;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "rating-service",
    description = "Reviews of products and sellers, and their averages."
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(reviews::submit))
        .routes(routes!(reviews::take_back))
        .routes(routes!(listing::of_product))
        .routes(routes!(listing::of_vendor))
}

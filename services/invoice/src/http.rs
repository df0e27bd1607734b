//! Requests in: what clients may ask of the invoice service.

mod commission;
mod links;
mod lists;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "invoice-service",
    description = "Sellers' documents and the links that open them"
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(lists::of_order))
        .routes(routes!(lists::of_seller))
        .routes(routes!(lists::for_staff))
        .routes(routes!(commission::of_seller))
        .routes(routes!(links::make, links::revoke))
        .routes(routes!(links::open))
}

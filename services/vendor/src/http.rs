//! Requests in: what clients may ask of the vendor service.

mod applications;
mod bank_account;
mod documents;
mod profile;
mod public_page;
mod schemas;
mod states;
mod tax_identities;
mod views;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "vendor-service",
    description = "Sellers: application, proof of identity, public page"
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(applications::apply))
        .routes(routes!(applications::submit))
        .routes(routes!(profile::show, profile::edit))
        .routes(routes!(bank_account::change))
        .routes(routes!(documents::announce, documents::list))
        .routes(routes!(public_page::show))
        .routes(routes!(states::list))
        .routes(routes!(tax_identities::read))
}

//! Requests in: what clients may ask of the vendor service.

mod applications;
mod bank_account;
mod documents;
mod examination;
mod opened;
mod profile;
mod public_page;
mod schemas;
mod states;
mod tax_identities;
mod views;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled("vendor-service", "Sellers: application, proof of identity, public page")
        .routes(routes!(applications::apply))
        .routes(routes!(applications::submit))
        .routes(routes!(profile::show, profile::edit))
        .routes(routes!(bank_account::change))
        .routes(routes!(documents::announce, documents::list))
        .routes(routes!(examination::show))
        .routes(routes!(opened::open))
        .routes(routes!(public_page::show))
        .routes(routes!(states::list))
        .routes(routes!(tax_identities::read))
}

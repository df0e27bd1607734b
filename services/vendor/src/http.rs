//! Door 1: what clients may ask of the vendor service.

mod applications;
mod documents;
mod profile;
mod public_page;
mod version;
mod views;

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(
    info(title = "vendor-service", description = "Sellers: application, proof of identity, public page"),
    components(schemas(chassis::Problem)),
    modifiers(&Bearer)
)]
struct ApiDoc;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    }
}

/// All routes, without state.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(applications::apply))
        .routes(routes!(applications::submit))
        .routes(routes!(profile::show, profile::edit))
        .routes(routes!(documents::announce, documents::list))
        .routes(routes!(public_page::show))
}

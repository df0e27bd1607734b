//! Door 1: what clients may ask.

mod categories;
mod etag;
mod prices;
mod products;
mod shelf;
mod stock;

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "product-service",
        description = "The catalogue, its prices, its stock and what is held of it for checkouts."
    ),
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

/// All routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(categories::tree))
        .routes(routes!(shelf::list))
        .routes(routes!(shelf::find))
        .routes(routes!(products::create, products::list))
        .routes(routes!(products::find, products::edit))
        .routes(routes!(products::propose))
        .routes(routes!(prices::set))
        .routes(routes!(stock::add))
        .routes(routes!(stock::find))
}

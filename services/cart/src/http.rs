//! Requests in: the routes of the cart.

mod carts;
mod checkout;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(title = "cart-service", description = "Buyers' and guests' carts, and the till."))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(carts::look, carts::clear))
        .routes(routes!(carts::set_line, carts::remove_line))
        .routes(routes!(checkout::check_out))
}

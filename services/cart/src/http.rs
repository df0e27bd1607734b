//! Requests in: the routes of the cart.

mod carts;
mod checkout;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled("cart-service", "Buyers' and guests' carts, and the till.")
        .routes(routes!(carts::look, carts::clear))
        .routes(routes!(carts::set_line, carts::remove_line))
        .routes(routes!(checkout::check_out))
}

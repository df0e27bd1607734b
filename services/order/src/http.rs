//! Requests in: the routes for buyers, sellers and staff.

mod checkouts;
mod credits;
mod fulfilment;
mod orders;
mod queries;
mod taking_back;
mod timeline;
mod vendor_orders;
mod views;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "order-service",
    description = "Checkouts on their way, orders, and what sellers do with them."
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(checkouts::find))
        .routes(routes!(checkouts::stream))
        .routes(routes!(orders::list))
        .routes(routes!(orders::find))
        .routes(routes!(orders::cancel))
        .routes(routes!(taking_back::cancel_part))
        .routes(routes!(timeline::list))
        .routes(routes!(vendor_orders::list))
        .routes(routes!(vendor_orders::counts))
        .routes(routes!(vendor_orders::find))
        .routes(routes!(fulfilment::accept))
        .routes(routes!(fulfilment::pack))
        .routes(routes!(fulfilment::ship))
        .routes(routes!(fulfilment::deliver))
        .routes(routes!(fulfilment::turn_away))
        .routes(routes!(taking_back::reject))
        .routes(routes!(taking_back::come_back))
        .routes(routes!(taking_back::lose))
        .routes(routes!(taking_back::cancel_by_staff))
}

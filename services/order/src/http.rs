//! Requests in: the routes for buyers, sellers and staff.

mod answers;
mod asks;
mod buyer_returns;
mod checkouts;
mod credits;
mod delivery;
mod fulfilment;
mod orders;
mod parcels;
mod paths;
mod pieces;
mod queries;
mod reductions;
mod refunds;
mod returns;
mod since;
mod staff;
mod taking_back;
mod timeline;
mod vendor_orders;
mod vendor_returns;
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
        .routes(routes!(parcels::ship))
        .routes(routes!(parcels::deliver))
        .routes(routes!(parcels::turn_away))
        .routes(routes!(parcels::correct_tracking))
        .routes(routes!(taking_back::reject))
        .routes(routes!(taking_back::come_back))
        .routes(routes!(taking_back::lose))
        .routes(routes!(taking_back::cancel_by_staff))
        .routes(routes!(taking_back::lose_by_staff))
        .routes(routes!(reductions::reduce))
        .routes(routes!(reductions::list))
        .routes(routes!(reductions::approve))
        .routes(routes!(reductions::decline))
        .routes(routes!(buyer_returns::request))
        .routes(routes!(buyer_returns::list))
        .routes(routes!(buyer_returns::withdraw))
        .routes(routes!(buyer_returns::send_back))
        .routes(routes!(buyer_returns::contest))
        .routes(routes!(vendor_returns::list))
        .routes(routes!(vendor_returns::approve))
        .routes(routes!(vendor_returns::refuse))
        .routes(routes!(vendor_returns::receive))
        .routes(routes!(vendor_returns::contest))
        .routes(routes!(vendor_returns::list_all))
        .routes(routes!(vendor_returns::decide))
        .routes(routes!(staff::find))
}

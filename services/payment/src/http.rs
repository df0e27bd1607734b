//! Requests in: what clients, sellers, staff and the provider may ask of the payment service.

mod admin;
mod csv;
mod disputes;
mod four_eyes;
mod payments;
mod payouts;
mod reconciliations;
mod refunds;
mod remittances;
mod reviews;
mod statements;
mod tax_deposits;
mod tax_returns;
mod vendor_payouts;
mod vendors;
mod webhooks;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "payment-service",
    description = "Payments, the provider's webhooks, what sellers are owed"
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(payments::show))
        .routes(routes!(payments::retry))
        .routes(routes!(webhooks::razorpay))
        .routes(routes!(vendors::balance))
        .routes(routes!(vendors::ledger))
        .routes(routes!(vendors::collect))
        .routes(routes!(admin::list))
        .routes(routes!(refunds::list))
        .routes(routes!(refunds::settle))
        .routes(routes!(four_eyes::propose))
        .routes(routes!(four_eyes::approve))
        .routes(routes!(four_eyes::decline))
        .routes(routes!(four_eyes::dismiss))
        .routes(routes!(disputes::list))
        .routes(routes!(disputes::bear))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::decide))
        .routes(routes!(payouts::list))
        .routes(routes!(payouts::run))
        .routes(routes!(payouts::file))
        .routes(routes!(payouts::approve))
        .routes(routes!(payouts::hold))
        .routes(routes!(reconciliations::list, reconciliations::reconcile))
        .routes(routes!(remittances::list, remittances::remit))
        .routes(routes!(statements::list))
        .routes(routes!(statements::file))
        .routes(routes!(vendor_payouts::list))
        .routes(routes!(vendor_payouts::show))
        .routes(routes!(tax_returns::gstr8))
        .routes(routes!(tax_returns::gstr8_file))
        .routes(routes!(tax_returns::tds_file))
        .routes(routes!(tax_deposits::list, tax_deposits::report))
        .routes(routes!(tax_deposits::approve))
        .routes(routes!(tax_deposits::decline))
}

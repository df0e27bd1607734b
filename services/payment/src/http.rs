//! Requests in: what clients, sellers, staff and the provider may ask of the payment service.

mod admin;
mod csv;
mod decisions;
mod disputes;
mod earnings;
mod explanations;
mod four_eyes;
mod look;
mod payments;
mod payouts;
mod proposals;
mod reconciliations;
mod refund_accounts;
mod refunds;
mod remittances;
mod reviews;
mod statements;
mod tax_deposits;
mod tax_returns;
mod vendor_payouts;
mod vendors;
mod webhooks;
mod wish;
mod write_offs;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::provider::DOORS;

#[derive(OpenApi)]
#[openapi(info(
    title = "payment-service",
    description = "Payments, the provider's webhooks, what sellers are owed"
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    let doors = DOORS.iter().map(webhooks::of);
    doors
        .fold(OpenApiRouter::with_openapi(ApiDoc::openapi()), OpenApiRouter::routes)
        .routes(routes!(payments::show))
        .routes(routes!(payments::retry))
        .routes(routes!(refund_accounts::show, refund_accounts::give))
        .routes(routes!(vendors::balance))
        .routes(routes!(vendors::ledger))
        .routes(routes!(vendors::collect))
        .routes(routes!(earnings::list))
        .routes(routes!(admin::list))
        .routes(routes!(refunds::list))
        .routes(routes!(refunds::settle))
        .routes(routes!(refund_accounts::read))
        .routes(routes!(four_eyes::propose))
        .routes(routes!(four_eyes::approve))
        .routes(routes!(four_eyes::decline))
        .routes(routes!(four_eyes::dismiss))
        .routes(routes!(disputes::list))
        .routes(routes!(disputes::bear))
        .routes(routes!(disputes::approve))
        .routes(routes!(disputes::decline))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::decide))
        .routes(routes!(payouts::list))
        .routes(routes!(payouts::run))
        .routes(routes!(payouts::file))
        .routes(routes!(payouts::approve))
        .routes(routes!(payouts::hold))
        .routes(routes!(reconciliations::list, reconciliations::reconcile))
        .routes(routes!(explanations::propose))
        .routes(routes!(decisions::approve_explanation))
        .routes(routes!(decisions::decline_explanation))
        .routes(routes!(write_offs::overdue))
        .routes(routes!(write_offs::list, write_offs::propose))
        .routes(routes!(decisions::approve_write_off))
        .routes(routes!(decisions::decline_write_off))
        .routes(routes!(remittances::list, remittances::remit))
        .routes(routes!(decisions::approve_remittance))
        .routes(routes!(decisions::decline_remittance))
        .routes(routes!(statements::list))
        .routes(routes!(statements::file))
        .routes(routes!(vendor_payouts::list))
        .routes(routes!(vendor_payouts::show))
        .routes(routes!(tax_returns::gstr8))
        .routes(routes!(tax_returns::gstr8_file))
        .routes(routes!(tax_returns::tds_file))
        .routes(routes!(tax_deposits::list, tax_deposits::report))
        .routes(routes!(decisions::approve_tax_deposit))
        .routes(routes!(decisions::decline_tax_deposit))
}

//! The door: Razorpay's API under `/v1`, the hand-rail under `/sandbox`, the buyer's app under `/pay`.

mod accounts;
mod auth;
mod disputes;
mod hand_rail;
mod ledger;
mod orders;
mod pay_page;
mod payments;
mod payouts;
mod plan;
mod refunds;
mod request;
mod settlements;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, patch, post};

use crate::app::App;
use crate::error::Error;

const LARGEST_BODY: usize = 64 * 1024;

/// Everything the sandbox answers.
pub fn routes(app: App) -> Router {
    Router::new()
        .nest("/v1", provider(&app))
        .route("/sandbox/orders/{id}", get(hand_rail::show))
        .route("/sandbox/orders/{id}/pay", post(hand_rail::pay))
        .route("/sandbox/orders/{id}/plan", post(plan::plan))
        .route("/sandbox/refunds/{id}/settle", post(plan::settle))
        .route("/sandbox/payments/{id}/dispute", post(disputes::open))
        .route("/sandbox/disputes/{id}/decide", post(disputes::decide))
        .route("/sandbox/sellers/{reference}", get(accounts::show))
        .route("/sandbox/sellers/{reference}/plan", post(payouts::plan))
        .route("/sandbox/payouts/{id}/settle", post(payouts::settle))
        .route("/sandbox/ledger", get(ledger::show))
        .route("/sandbox/clock", post(hand_rail::set_clock))
        .route("/sandbox/webhook-url", post(hand_rail::set_webhook_url))
        .route("/pay/{id}", get(pay_page::show).post(pay_page::decide))
        .route("/assets/pay.css", get(pay_page::style))
        .route("/healthz", get(hand_rail::health))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(harden))
        .with_state(app)
}

fn provider(app: &App) -> Router<App> {
    Router::new()
        .route("/orders", post(orders::create))
        .route("/orders/{id}/payments", get(orders::payments))
        .route("/payments/create/upi", post(payments::create_upi))
        .route("/payments/{id}", get(payments::show))
        .route("/payments/{id}/refund", post(refunds::create))
        .route("/payments/{id}/refunds", get(refunds::of_payment))
        .route("/refunds/{id}", get(refunds::show))
        .route("/contacts", get(accounts::contacts).post(accounts::create_contact))
        .route("/fund_accounts", get(accounts::fund_accounts).post(accounts::create))
        .route("/fund_accounts/{id}", patch(accounts::set_active))
        .route("/payouts", post(payouts::create).get(payouts::list))
        .route("/payouts/{id}", get(payouts::show))
        .route("/settlements/recon/combined", get(settlements::combined))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), auth::require_key))
}

async fn not_found() -> Error {
    Error::NotFound
}

async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

//! Requests in: what staff see and decide.

mod after_sales;
mod audit;
mod decisions;
mod health;
mod overview;
mod queues;
mod trail;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled(
        "admin-service",
        "Approvals, moderation, audit, order look-up, dashboard, health.",
    )
    .routes(routes!(queues::vendors))
    .routes(routes!(queues::vendor))
    .routes(routes!(queues::products))
    .routes(routes!(queues::reviews))
    .routes(routes!(decisions::about_vendor))
    .routes(routes!(decisions::about_product))
    .routes(routes!(decisions::about_review))
    .routes(routes!(overview::dashboard))
    .routes(routes!(overview::orders))
    .routes(routes!(after_sales::show))
    .routes(routes!(trail::find))
    .routes(routes!(audit::audit))
    .routes(routes!(health::health))
}

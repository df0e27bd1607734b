//! Requests in: the routes of the analytics service.

mod live;
mod reports;
mod views;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "analytics-service",
        description = "What the mall and each seller sell, by day and as it happens. Days are calendar days in India."
    ),
    components(schemas(views::OverviewView, views::SellerOverviewView))
)]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(reports::overview))
        .routes(routes!(live::overview))
        .routes(routes!(reports::seller))
        .routes(routes!(live::seller))
}

//! Requests in: the routes of the email service.

mod messages;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(
    title = "email-service",
    description = "What mail was sent, to whom (masked), and where it stands."
))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(messages::list))
        .routes(routes!(messages::read))
        .routes(routes!(messages::resend))
}

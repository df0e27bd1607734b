//! Requests in: the questions search answers.

mod products;
mod vendors;

use kernel::Rating;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

#[derive(OpenApi)]
#[openapi(info(title = "search-service", description = "Search of products and sellers."))]
struct ApiDoc;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(products::search))
        .routes(routes!(vendors::search))
        .routes(routes!(vendors::suggest))
}

/// What buyers thought of it: published reviews only.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// Stars with two decimals; `0.00` before the first review.
    #[schema(example = "4.50", pattern = "^[0-5]\\.[0-9]{2}$")]
    average: String,
    count: u64,
}

impl RatingView {
    fn of(rating: Rating) -> Self {
        Self { average: rating.average(), count: rating.count }
    }
}

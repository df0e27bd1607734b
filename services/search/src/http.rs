//! Requests in: the questions search answers.

mod products;
mod vendors;

use chassis::openapi;
use kernel::Rating;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled("search-service", "Search of products and sellers.")
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

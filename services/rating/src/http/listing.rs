//! Reading what others think.

use std::collections::BTreeMap;

use axum::extract::State;
use chassis::{Json, Page, PageQuery, Paging, Path, Problem};
use contracts::rating::Subject;
use jiff::Timestamp;
use kernel::{ProductId, ReviewId, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::store::reviews::Public;
use crate::store::{reviews, summaries};

#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewItem {
    review_id: ReviewId,
    /// One to five, without halves.
    stars: u8,
    /// `null` if the buyer wrote none.
    title: Option<String>,
    /// `null` if the buyer wrote none.
    text: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

/// A page of reviews, and what all of them add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewsView {
    items: Vec<ReviewItem>,
    /// Pass it as `after` to get the next page; `null` on the last one.
    #[schema(required)]
    next: Option<String>,
    /// Stars with two decimals; `0.00` without reviews.
    average: String,
    count: i64,
    /// How many reviews of `1` to `5` stars.
    histogram: BTreeMap<String, i64>,
}

async fn reviews_of(
    app: &App,
    target: Subject,
    page: Paging<ReviewId>,
) -> Result<ReviewsView, Problem> {
    let mut conn = app.db.read().await?;
    let summary = summaries::find(&mut conn, target).await?;
    let found = reviews::list(&mut conn, target, page.after, page.rows).await?;
    let Page { items, next } = Page::of(found, page.limit, |review: &Public| review.id);
    let items = items.into_iter().map(|review| ReviewItem {
        review_id: review.id,
        stars: review.stars,
        title: review.title,
        text: review.text,
        published_at: review.published_at,
    });
    Ok(ReviewsView {
        items: items.collect(),
        next,
        average: summary.average(),
        count: summary.count(),
        histogram: (1..=5).map(|n: u8| n.to_string()).zip(summary.histogram).collect(),
    })
}

/// Lists the published reviews of a product, newest first.
#[utoipa::path(
    get, path = "/v1/products/{id}/reviews", operation_id = "listProductReviews", tag = "rating",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = ReviewsView)),
)]
pub async fn of_product(
    State(app): State<App>,
    Path(id): Path<ProductId>,
    page: Paging<ReviewId>,
) -> Result<Json<ReviewsView>, Problem> {
    Ok(Json(reviews_of(&app, Subject::Product(id), page).await?))
}

/// Lists the published reviews of a seller, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/reviews", operation_id = "listVendorReviews",
    tag = "rating", params(("vendor_id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, body = ReviewsView)),
)]
pub async fn of_vendor(
    State(app): State<App>,
    Path(id): Path<VendorId>,
    page: Paging<ReviewId>,
) -> Result<Json<ReviewsView>, Problem> {
    Ok(Json(reviews_of(&app, Subject::Vendor(id), page).await?))
}

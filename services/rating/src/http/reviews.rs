//! Writing a review, and taking it back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Path, Problem, Tx};
use contracts::rating::Subject;
use kernel::text::prose;
use kernel::{Invalid, OrderId, ProductId, ReviewId, Stars, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;
use crate::usecases::Opinion;
use crate::{App, usecases};

/// What is rated: a product or a seller, one of them.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, max_properties = 1)]
pub struct Target {
    #[schema(nullable = false)]
    product_id: Option<ProductId>,
    #[schema(nullable = false)]
    vendor_id: Option<VendorId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    target: Target,
    /// In which it was bought.
    order_id: OrderId,
    stars: Stars,
    /// Plain text, up to 120 characters.
    #[schema(
        max_length = 120,
        pattern = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]*$"
    )]
    title: Option<String>,
    /// Plain text, up to 4000 characters.
    #[schema(
        max_length = 4000,
        pattern = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]*$"
    )]
    text: Option<String>,
}

/// A review was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    review_id: ReviewId,
    /// `submitted`: it is public once staff have looked at it.
    status: &'static str,
}

fn opinion(body: ReviewRequest) -> Result<Opinion, Error> {
    let subject = match (body.target.product_id, body.target.vendor_id) {
        (Some(product), None) => Subject::Product(product),
        (None, Some(vendor)) => Subject::Vendor(vendor),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Invalid { what: "target", why: "must name a product or a seller" }.into());
        }
    };
    let title = body.title.map(|t| prose("title", &t, 120)).transpose()?;
    let text = body.text.map(|t| prose("text", &t, 4000)).transpose()?;
    let said = |text: &String| !text.is_empty();
    let (title, text) = (title.filter(said), text.filter(said));
    Ok(Opinion { subject, order_id: body.order_id, stars: body.stars, title, text })
}

/// Rates a product or a seller.
///
/// Once for each order in which it was delivered, also if the review is taken back. It is public once staff approve it.
#[utoipa::path(
    post, path = "/v1/reviews", operation_id = "createReview", tag = "rating",
    request_body = ReviewRequest, params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, body = ReviewView),
        (status = 403, description = "`rating/not-eligible`: not bought in this order, or not delivered yet. `rating/own-shop`: the caller sells it", body = Problem),
        (status = 409, description = "It was reviewed before", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn submit(
    State(app): State<App>,
    Buyer(caller): Buyer,
    once: Idempotent<ReviewRequest>,
) -> Result<Response, Problem> {
    let submit = async |tx: &mut Tx, body: ReviewRequest| {
        let review_id = usecases::submit(tx, &caller, opinion(body)?).await?;
        Ok((StatusCode::CREATED, ReviewView { review_id, status: "submitted" }))
    };
    once.answer(&app.db, &caller.user_id.to_string(), submit).await
}

/// Takes one's own review back.
///
/// It is not shown and does not count any more. The purchase cannot be rated again.
#[utoipa::path(
    delete, path = "/v1/reviews/{id}", operation_id = "deleteReview", tag = "rating",
    params(("id" = String, Path, format = Uuid)), responses((status = 204)),
    security(("bearer" = [])),
)]
pub async fn take_back(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<ReviewId>,
) -> Result<StatusCode, Problem> {
    usecases::take_back(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

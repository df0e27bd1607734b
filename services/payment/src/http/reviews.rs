//! Staff look at wrong money.

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Caller;
use chassis::{Json, Page, PageQuery, Problem, Tx};
use jiff::Timestamp;
use kernel::ids::PaymentMark;
use kernel::{Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::look::Look;
use super::wish::Wish;
use crate::domain::review::{Outcome, Review};
use crate::store::reviews;
use crate::usecases;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewsQuery {
    /// `true`: only what waits for a decision. `false`: only what is decided.
    open: Option<bool>,
}

/// Money that came and is not what was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentReviewView)]
pub struct ReviewView {
    payment_id: PaymentId,
    order_number: String,
    /// What came, by its name at the provider.
    provider_payment_id: String,
    asked: Money,
    received: Money,
    opened_at: Timestamp,
    /// `null` while it waits for a decision.
    #[schema(required)]
    outcome: Option<Outcome>,
    /// Who decided; `null` where the end of the order did.
    #[schema(required)]
    decided_by: Option<UserId>,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

fn view(review: Review) -> ReviewView {
    ReviewView {
        payment_id: review.payment_id,
        order_number: review.order_number,
        provider_payment_id: review.provider_payment_id,
        asked: review.asked,
        received: review.received,
        opened_at: review.opened_at,
        outcome: review.outcome,
        decided_by: review.decided_by,
        decided_at: review.decided_at,
    }
}

/// Lists wrong money, newest first.
///
/// It waits for a person while its order waits for the right money. It goes back by itself when the order ends or the right
/// money comes.
#[utoipa::path(
    get, path = "/v1/admin/payment-reviews", operation_id = "listPaymentReviews", tag = "payment",
    params(ReviewsQuery, PageQuery),
    responses((status = 200, description = "A page of wrong money", body = Page<ReviewView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<ReviewsQuery>) -> Result<Json<Page<ReviewView>>, Problem> {
    let open = look.query.open;
    let listed = reviews::list(&mut look.conn, open, look.before, look.rows).await?;
    Ok(Json(look.page(listed, |review| review.seq).map(view)))
}

/// What shall become of wrong money.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It pays the order; what is more than was asked for goes back.
    Accept,
    /// All of it goes back; the buyer may pay what was asked for.
    GiveBack,
}

/// What shall become of wrong money.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentReviewRequest)]
pub struct ReviewRequest {
    /// `accept`: it pays the order, and what is more than was asked for goes back. `give_back`: all of it goes back, and the
    /// buyer may pay what was asked for while the order waits.
    outcome: Decision,
    /// What came, by its name at the provider.
    #[schema(max_length = 64, pattern = "^[A-Za-z0-9_]+$")]
    provider_payment_id: String,
}

/// Decides what becomes of wrong money.
///
/// At least what was asked for has to be here, in its currency, to be accepted, and the order has to wait for it still.
/// Decided again the same way, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/payments/{id}/review", operation_id = "reviewPayment", tag = "payment",
    request_body = ReviewRequest,
    params(
        ("id" = PaymentId, Path, description = "The payment"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is decided, now or before", body = ReviewView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/not-acceptable`: it is too little, of another currency, or too late; `payment/review-decided`: otherwise, by somebody else or by the end of the order", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decide(wish: Wish<PaymentMark, ReviewRequest>) -> Result<Response, Problem> {
    let id = wish.id;
    let decide = async |tx: &mut Tx, staff: &Caller, body: ReviewRequest| {
        usecases::refuse_own(tx, id.as_uuid(), staff).await?;
        let (who, capture) = (staff.user_id, &body.provider_payment_id);
        let outcome = match body.outcome {
            Decision::Accept => Outcome::Accepted,
            Decision::GiveBack => Outcome::GivenBack,
        };
        Ok((StatusCode::OK, view(usecases::review(tx, id, capture, outcome, who).await?)))
    };
    wish.once("payment.review", decide).await
}

//! Deciding.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::auth::callers::may;
use chassis::auth::{Caller, Staff};
use chassis::{Claim, Once, Path, Problem, Tx};
use contracts::admin::Decision;
use kernel::{EventId, Invalid, ProductId, ReviewId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::error::Error;
use crate::usecases::{self, Verdict};

/// What may be decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Let in, publish.
    Approve,
    /// Turn down.
    Reject,
    /// Take out again.
    Suspend,
}

/// A decision and its reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    decision: Choice,
    /// 1 to 500 characters, for the audit trail and for whom it concerns.
    reason: String,
}

/// The decision is on its way to the owner of the thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    /// Names the decision.
    decision_id: EventId,
}

fn verdict(body: &DecisionRequest) -> Result<Verdict, Error> {
    let reason = body.reason.trim().to_owned();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(Invalid { what: "reason", why: "must have 1 to 500 characters" }.into());
    }
    if reason.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Invalid { what: "reason", why: "must be plain text" }.into());
    }
    let decision = match body.decision {
        Choice::Approve => Decision::Approve,
        Choice::Reject => Decision::Reject,
        Choice::Suspend => Decision::Suspend,
    };
    Ok(Verdict { decision, reason })
}

async fn once(
    app: &App,
    caller: &Caller,
    request: Once<DecisionRequest>,
    decide: impl AsyncFnOnce(&mut Tx, Verdict) -> Result<(), Error>,
) -> Result<Response, Error> {
    let verdict = verdict(&request.body)?;
    let scope = caller.user_id.to_string();
    let mut tx = app.db.begin().await?;
    if let Claim::Answered(before) = tx.claim(&scope, request.key.as_ref()).await? {
        return Ok(before.into_response());
    }
    decide(&mut tx, verdict).await?;
    let view = DecisionView { decision_id: EventId::new() };
    let answer = tx.answer(&scope, request.key.as_ref(), (StatusCode::ACCEPTED, &view)).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Approves, rejects or suspends a seller.
#[utoipa::path(post, path = "/v1/admin/vendors/{id}/decisions", tag = "admin", request_body = DecisionRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn about_vendor(
    State(app): State<App>,
    staff: Staff<may::DecideVendors>,
    Path(id): Path<VendorId>,
    request: Once<DecisionRequest>,
) -> Result<Response, Error> {
    let caller = staff.caller;
    once(&app, &caller, request, async |tx, verdict| {
        usecases::decide_vendor(tx, &caller, id, verdict).await
    })
    .await
}

/// Publishes, turns down or unlists a product.
#[utoipa::path(post, path = "/v1/admin/products/{id}/decisions", tag = "admin", request_body = DecisionRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn about_product(
    State(app): State<App>,
    staff: Staff<may::ModerateProducts>,
    Path(id): Path<ProductId>,
    request: Once<DecisionRequest>,
) -> Result<Response, Error> {
    let caller = staff.caller;
    once(&app, &caller, request, async |tx, verdict| {
        usecases::moderate_product(tx, &caller, id, verdict).await
    })
    .await
}

/// Publishes, turns down or removes a review.
#[utoipa::path(post, path = "/v1/admin/reviews/{id}/decisions", tag = "admin", request_body = DecisionRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn about_review(
    State(app): State<App>,
    staff: Staff<may::ModerateReviews>,
    Path(id): Path<ReviewId>,
    request: Once<DecisionRequest>,
) -> Result<Response, Error> {
    let caller = staff.caller;
    once(&app, &caller, request, async |tx, verdict| {
        usecases::moderate_review(tx, &caller, id, verdict).await
    })
    .await
}

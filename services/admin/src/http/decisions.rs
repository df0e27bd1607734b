//! Deciding.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Acting, Caller};
use chassis::{Idempotent, Path, Problem, Tx};
use contracts::admin::Decision;
use contracts::vendor::Correction;
use kernel::text::prose;
use kernel::{EventId, Invalid, Line, ProductId, ReviewId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::domain::decide::{Correctable, Subject};
use crate::error::Error;
use crate::usecases::{self, Verdict};

/// `approve` lets in or publishes, `reject` turns down what waits, `suspend` takes away what was approved.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Approve,
    Reject,
    Suspend,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    decision: DecisionKind,
    /// Plain text of up to 500 characters, for the audit trail and for whom it concerns.
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]*[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\u{13441}\u{13442}\u{16fe4}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}][^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]*$"
    )]
    reason: String,
    /// What a seller that is rejected is asked to correct, so far as that can be pointed at; twenty at most.
    #[serde(default)]
    #[schema(max_items = 20)]
    corrections: Vec<CorrectionRequest>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    /// A pointer to a member of the application, or `/documents/` and the kind of one.
    at: Correctable,
    /// Plain text of up to 200 characters.
    why: Line<200>,
}

/// A decision that was written down and takes effect in a moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    decision_id: EventId,
}

impl From<CorrectionRequest> for Correction {
    fn from(CorrectionRequest { at, why }: CorrectionRequest) -> Self {
        Self { at: at.into_str().to_owned(), why: why.into_string() }
    }
}

fn verdict(about: Subject, body: DecisionRequest) -> Result<Verdict, Error> {
    let reason = prose("reason", &body.reason, 500)?;
    if reason.is_empty() {
        return Err(Invalid { what: "reason", why: "must not be empty" }.into());
    }
    let decision = match body.decision {
        DecisionKind::Approve => Decision::Approve,
        DecisionKind::Reject => Decision::Reject,
        DecisionKind::Suspend => Decision::Suspend,
    };
    let corrections: Vec<_> = body.corrections.into_iter().map(Into::into).collect();
    if corrections.len() > 20 {
        return Err(Invalid { what: "corrections", why: "must be twenty at most" }.into());
    }
    let asked = decision == Decision::Reject && matches!(about, Subject::Vendor(_));
    if !asked && !corrections.is_empty() {
        return Err(
            Invalid { what: "corrections", why: "are for sellers that are rejected" }.into()
        );
    }
    Ok(Verdict { decision, reason, corrections })
}

async fn once(
    app: &App,
    caller: &Caller,
    about: Subject,
    request: Idempotent<DecisionRequest>,
) -> Result<Response, Problem> {
    let decide = async |tx: &mut Tx, body: DecisionRequest| {
        usecases::decide(tx, caller, about, verdict(about, body)?).await?;
        Ok((StatusCode::ACCEPTED, DecisionView { decision_id: EventId::new() }))
    };
    request.answer(&app.db, &caller.user_id.to_string(), decide).await
}

/// Approves, rejects or suspends a seller.
///
/// Who was suspended can be approved again.
#[utoipa::path(
    post, path = "/v1/admin/vendors/{id}/decisions", operation_id = "decideVendor", tag = "admin",
    request_body = DecisionRequest,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView, description = "Written down; the queue shows when it has taken effect"), (status = 403, description = "`admin/own-seller`: nobody decides about a seller they act for, what it sells, or a review of either", body = Problem), (status = 409, description = "It does not stand where this can be decided (`admin/not-decidable`)", body = Problem)),
    security(("bearer" = ["staff"])),
)]
pub async fn about_vendor(
    State(app): State<App>,
    staff: Acting<may::DecideVendors>,
    Path(id): Path<VendorId>,
    request: Idempotent<DecisionRequest>,
) -> Result<Response, Problem> {
    once(&app, &staff.caller, Subject::Vendor(id), request).await
}

/// Publishes, turns down or takes away a product.
#[utoipa::path(
    post, path = "/v1/admin/products/{id}/decisions", operation_id = "decideProduct",
    tag = "admin", request_body = DecisionRequest,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView, description = "Written down; the queue shows when it has taken effect"), (status = 403, description = "`admin/own-seller`: nobody decides about a seller they act for, what it sells, or a review of either", body = Problem), (status = 409, description = "It does not stand where this can be decided (`admin/not-decidable`)", body = Problem)),
    security(("bearer" = ["staff"])),
)]
pub async fn about_product(
    State(app): State<App>,
    staff: Acting<may::ModerateProducts>,
    Path(id): Path<ProductId>,
    request: Idempotent<DecisionRequest>,
) -> Result<Response, Problem> {
    once(&app, &staff.caller, Subject::Product(id), request).await
}

/// Publishes, turns down or removes a review.
///
/// What was removed can be published again.
#[utoipa::path(
    post, path = "/v1/admin/reviews/{id}/decisions", operation_id = "decideReview", tag = "admin",
    request_body = DecisionRequest,
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = DecisionView, description = "Written down; the queue shows when it has taken effect"), (status = 403, description = "`admin/own-seller`: nobody decides about a seller they act for, what it sells, or a review of either", body = Problem), (status = 409, description = "It does not stand where this can be decided (`admin/not-decidable`)", body = Problem)),
    security(("bearer" = ["staff"])),
)]
pub async fn about_review(
    State(app): State<App>,
    staff: Acting<may::ModerateReviews>,
    Path(id): Path<ReviewId>,
    request: Idempotent<DecisionRequest>,
) -> Result<Response, Problem> {
    once(&app, &staff.caller, Subject::Review(id), request).await
}

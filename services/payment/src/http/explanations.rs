//! What staff say about differences that stay: one of them proposes it and another one agrees.

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::{Act, Caller};
use chassis::{Problem, Tx};
use kernel::line::Line;
use kernel::{ExplanationId, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proposals::ProposalView;
use super::wish::Asked;
use crate::domain::proposal::Proposal;
use crate::domain::settlement::Explanation;
use crate::usecases;

/// What a difference is, in staff's words.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplanationView {
    explanation_id: ExplanationId,
    difference_id: i64,
    /// By how much what the provider holds for us rises in our books; falls, if negative. The other side is
    /// `settlement_difference`, a loss or a gain.
    amount: Money,
    reason: String,
    #[serde(flatten)]
    said: ProposalView,
}

impl From<Proposal<Explanation>> for ExplanationView {
    fn from(Proposal { id, matter, said }: Proposal<Explanation>) -> Self {
        let Explanation { difference_id, amount, reason } = matter;
        Self { explanation_id: id, difference_id, amount, reason, said: said.into() }
    }
}

/// What a difference is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplanationRequest {
    /// As the list of days has it.
    difference_id: i64,
    /// In a few words: a transfer that is not this mall's, a fee of the provider, and who was asked.
    reason: Line<200>,
}

/// Proposes what a difference is that stays.
///
/// When a second member of staff approves it, what lies between the provider and our books is booked, and the difference is
/// none any more. One is proposed at a time: proposed again, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/settlement-explanations", operation_id = "proposeExplanation", tag = "payment",
    request_body = ExplanationRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, description = "It is `proposed`, now or before", body = ExplanationView),
        (status = 404, description = "`not-found`: there is no such difference", body = Problem),
        (status = 409, description = "`payment/not-explainable`: it is no difference any more", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn propose(asked: Asked<ExplanationRequest>) -> Result<Response, Problem> {
    let propose = async |tx: &mut Tx, staff: &Caller, body: ExplanationRequest| {
        let (who, words) = (staff.user_id, body.reason.as_str().to_owned());
        let said = usecases::propose_explanation(tx, who, body.difference_id, words).await?;
        Ok((StatusCode::CREATED, ExplanationView::from(said)))
    };
    asked.once(Act::new("explanation.propose"), propose).await
}

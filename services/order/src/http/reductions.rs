//! Staff reduce the price of what a buyer keeps, at its seller's cost.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::callers::may;
use chassis::auth::{Act, Staff};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Problem, Query, Tx};
use jiff::Timestamp;
use kernel::line::Line;
use kernel::{CreditId, Money, ReductionId, SellerOrderId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers::{Answered, Listed, NotOwn};
use super::asks::{StaffOrder, StaffReduction};
use super::paths::{PartPath, ReductionPath};
use crate::App;
use crate::domain::reduction::ReductionState;
use crate::store::reductions::{self, Reduction};
use crate::usecases;

/// By how much, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReductionRequest {
    /// What the buyer gets back, tax included.
    amount: Money,
    /// In a few words, which buyer and seller read.
    reason: Line<200>,
}

/// A price that is reduced, or is proposed to be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReductionView {
    reduction_id: ReductionId,
    seller_order_id: SellerOrderId,
    /// The seller order's number, such as `M261130-000042-1`.
    number: String,
    status: ReductionState,
    /// What the buyer gets back, tax included.
    amount: Money,
    reason: String,
    /// Who of staff wanted it.
    proposed_by: UserId,
    /// Who of staff agreed or declined. Absent while nobody did, and where one may do it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    /// The credit that the buyer got. Absent unless it is `done`.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_id: Option<CreditId>,
    proposed_at: Timestamp,
}

impl ReductionView {
    fn of(row: Reduction) -> Self {
        Self {
            reduction_id: row.id,
            seller_order_id: row.seller_order_id,
            number: row.number,
            status: row.state,
            amount: row.amount,
            reason: row.reason,
            proposed_by: row.proposed_by,
            decided_by: row.decided_by,
            credit_id: row.credit_id,
            proposed_at: row.created_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReductionsQuery {
    /// Only those that stand here; all without it.
    status: Option<ReductionState>,
}

/// Reduces the price of a seller order, at its seller's cost.
///
/// The buyer keeps all of it and gets `amount` back; commission and withheld taxes shrink with the price, and a credit note
/// follows. It has to be `delivered` or `completed`. What is sent back afterwards gives what is left of its price.
///
/// When the price of one seller order is reduced by more than ₹10,000 in all (`ORDER__SECOND_PERSON_OVER_PAISE`), it is
/// `proposed`, and a second member of staff approves it.
#[utoipa::path(
    post, path = "/v1/admin/orders/{seller_order_id}/reductions",
    operation_id = "reducePrice", tag = "order", security(("bearer" = ["staff"])),
    params(PartPath, ("Idempotency-Key" = String, Header)), request_body = ReductionRequest,
    responses(
        (status = 201, body = ReductionView, description = "It is `done`, or `proposed`."),
        NotOwn,
        (status = 409, body = Problem, description = "`order/not-kept`: the buyer does not have it, or not any more. `order/indivisible`: it was placed before its terms were kept."),
        (status = 422, body = Problem, description = "`order/reduction-out-of-range`: it is less than a rupee, or less than a rupee of each piece would stay. `idempotency/key-required`."),
    ),
)]
pub async fn reduce(
    StaffOrder { app, who: staff, path }: StaffOrder,
    once: Idempotent<ReductionRequest>,
) -> Answered {
    once.required()?;
    let id = path.seller_order_id;
    let work = async |tx: &mut Tx, body: ReductionRequest| {
        let (reason, caller) = (body.reason.into_string(), &staff.caller);
        let reduction = usecases::reduce_price(&app, tx, id, body.amount, reason, caller).await?;
        Ok((StatusCode::CREATED, ReductionView::of(reduction)))
    };
    staff.once(&app.db, Act::new("reduction.propose").on(id.as_uuid()), once, work).await
}

/// Lists prices that staff reduced or propose to, oldest first: `proposed` ones wait for a second member of staff.
#[utoipa::path(
    get, path = "/v1/admin/reductions", operation_id = "listReductions", tag = "order",
    params(ReductionsQuery, PageQuery),
    responses((status = 200, body = Page<ReductionView>, description = "A page of them.")),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<ReductionsQuery>,
    Query(page): Query<PageQuery>,
) -> Listed<ReductionView> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = reductions::list(&mut conn, query.status, after, rows).await?;
    let items = found.into_iter().map(ReductionView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReductionView| it.reduction_id)))
}

/// Approves that a price is reduced.
///
/// Nobody approves what they proposed. Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/reductions/{id}/approve",
    operation_id = "approveReduction", tag = "order", security(("bearer" = ["staff"])),
    params(ReductionPath, ("Idempotency-Key" = Option<String>, Header)), request_body(content = NoBody),
    responses(
        (status = 200, body = ReductionView, description = "It is `done`, now or before."),
        (status = 403, body = Problem, description = "`order/own-approval`: somebody else has to approve it. `order/own-order`, `order/own-seller`: nobody decides about what they bought, or a seller they act for sold."),
        (status = 409, body = Problem, description = "`order/nothing-to-approve`: it was decided already. `order/not-kept`: it was sent back meanwhile."),
        (status = 422, body = Problem, description = "`order/reduction-out-of-range`: so much is not left any more."),
    ),
)]
pub async fn approve(reduction: StaffReduction, once: Idempotent<NoBody>) -> Answered {
    decide(reduction, once, "reduction.approve", ReductionState::Done).await
}

/// Declines that a price is reduced, or takes back what was proposed.
#[utoipa::path(
    post, path = "/v1/admin/reductions/{id}/decline",
    operation_id = "declineReduction", tag = "order", security(("bearer" = ["staff"])),
    params(ReductionPath, ("Idempotency-Key" = Option<String>, Header)), request_body(content = NoBody),
    responses(
        (status = 200, body = ReductionView, description = "It is `declined`, now or before."),
        NotOwn,
        (status = 409, body = Problem, description = "`order/nothing-to-approve`: it was decided already."),
    ),
)]
pub async fn decline(reduction: StaffReduction, once: Idempotent<NoBody>) -> Answered {
    decide(reduction, once, "reduction.decline", ReductionState::Declined).await
}

async fn decide(
    StaffReduction { app, who: staff, path }: StaffReduction,
    once: Idempotent<NoBody>,
    act: &'static str,
    to: ReductionState,
) -> Answered {
    let id = path.id;
    let work = async |tx: &mut Tx, _: NoBody| {
        let reduction = usecases::decide_reduction(&app, tx, id, to, &staff.caller).await?;
        Ok((StatusCode::OK, ReductionView::of(reduction)))
    };
    staff.once(&app.db, Act::new(act).on(id.as_uuid()), once, work).await
}

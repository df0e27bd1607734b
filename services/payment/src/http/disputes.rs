//! Staff look at disputes, and say who bears what was lost.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Caller;
use chassis::{Json, NoBody, Page, PageQuery, Problem, Tx};
use jiff::Timestamp;
use kernel::ids::DisputeMark;
use kernel::{DisputeId, Line, Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::look::Look;
use super::proposals::ProposalView;
use super::wish::Wish;
use crate::domain::dispute::{self, Bearer, Bearing, Dispute};
use crate::domain::proposal::Proposal;
use crate::store::{disputes, proposals};
use crate::usecases;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DisputesQuery {
    /// `true`: only those that are open, or lost and of which nobody has said who bears them. `false`: only the others.
    waiting: Option<bool>,
}

/// Money that a buyer's bank asks back, or took.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeView {
    dispute_id: DisputeId,
    provider_dispute_id: String,
    payment_id: PaymentId,
    order_number: String,
    /// The capture that is disputed.
    provider_payment_id: String,
    amount: Money,
    state: dispute::State,
    /// `null` until it is lost and somebody has said so.
    #[schema(required)]
    bearer: Option<Bearer>,
    /// Who said who bears it.
    #[schema(required)]
    borne_by: Option<UserId>,
    /// How much of it is taken back from the sellers; what is neither that nor `covered` is the platform's.
    #[schema(required)]
    by_sellers: Option<Money>,
    /// How much of it paid refunds that were owed anyway: what was taken back before the buyer's bank decided.
    covered: Money,
    /// Why the bank asks, in the provider's word. `null` where it gave none.
    #[schema(required)]
    reason_code: Option<String>,
    /// Until when the bank takes an answer. `null` where the provider named no time.
    #[schema(required)]
    respond_by: Option<Timestamp>,
    opened_at: Timestamp,
    #[schema(required)]
    decided_at: Option<Timestamp>,
    /// Who shall bear it, where two members of staff have to say so or said so. `null` where one said it.
    #[schema(required)]
    bearing: Option<BearingView>,
}

/// Who shall bear a dispute, as one member of staff says and another one decides.
#[derive(Debug, Serialize, ToSchema)]
pub struct BearingView {
    bearer: Bearer,
    reason: String,
    #[serde(flatten)]
    said: ProposalView,
}

impl From<Proposal<Bearing>> for BearingView {
    fn from(Proposal { matter, said, .. }: Proposal<Bearing>) -> Self {
        Self { bearer: matter.bearer, reason: matter.reason, said: said.into() }
    }
}

fn view(order_number: String, dispute: Dispute, bearing: Option<Proposal<Bearing>>) -> DisputeView {
    DisputeView {
        dispute_id: dispute.id,
        provider_dispute_id: dispute.provider_dispute_id,
        payment_id: dispute.payment_id,
        order_number,
        provider_payment_id: dispute.provider_payment_id,
        amount: dispute.amount,
        state: dispute.state,
        bearer: dispute.bearer,
        borne_by: dispute.borne_by,
        by_sellers: dispute.by_sellers,
        covered: dispute.covered,
        reason_code: dispute.reason_code,
        respond_by: dispute.respond_by,
        opened_at: dispute.opened_at,
        decided_at: dispute.decided_at,
        bearing: bearing.map(Into::into),
    }
}

/// Lists disputes, newest first.
#[utoipa::path(
    get, path = "/v1/admin/disputes", operation_id = "listDisputes", tag = "payment",
    params(DisputesQuery, PageQuery),
    responses((status = 200, description = "A page of disputes", body = Page<DisputeView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<DisputesQuery>) -> Result<Json<Page<DisputeView>>, Problem> {
    let waiting = look.query.waiting;
    let listed = disputes::list(&mut look.conn, waiting, look.before, look.rows).await?;
    let ids: Vec<_> = listed.iter().map(|listed| listed.dispute.id.to_string()).collect();
    let bearings = proposals::list_of::<Bearing>(&mut look.conn, &ids).await?.into_iter();
    let mut bearings: HashMap<_, _> = bearings.map(|it| (it.matter.dispute_id, it)).collect();
    let page = look.page(listed, |listed| listed.seq);
    Ok(Json(page.map(|listed| {
        let bearing = bearings.remove(&listed.dispute.id);
        view(listed.order_number, listed.dispute, bearing)
    })))
}

/// Who bears what was lost.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BearerRequest {
    /// `sellers`: all that is left of the order is taken back from them, and the platform bears what the dispute is more
    /// than that. `platform`: it bears all.
    bearer: Bearer,
    /// Why, in a few words, where the platform bears any of it.
    reason: Option<Line<200>>,
}

/// Says who bears a dispute that is lost.
///
/// Sellers bear one that is over at least all that is left of the order. Where the platform bears more than
/// `PAYMENT__SECOND_PERSON_OVER_PAISE` of it, nothing is booked before a second member of staff approves it. Said again, it
/// answers as before.
#[utoipa::path(
    post, path = "/v1/admin/disputes/{id}/bearer", operation_id = "bearDispute", tag = "payment",
    request_body = BearerRequest,
    params(
        ("id" = DisputeId, Path, description = "The dispute"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is decided, now or before", body = DisputeView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 202, description = "It waits for a second member of staff, now or before", body = DisputeView),
        (status = 409, description = "`payment/not-bearable`: it is not lost, it is decided or proposed otherwise, it is about less than is left of the order, or a refund of the same money is on its way", body = Problem),
        (status = 422, description = "`payment/reason-required`: the platform bears some of it, and no reason is given", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn bear(wish: Wish<DisputeMark, BearerRequest>) -> Result<Response, Problem> {
    let (id, alone) = (wish.id, wish.asked.app.settings.alone_up_to);
    let bear = async |tx: &mut Tx, staff: &Caller, body: BearerRequest| {
        let reason = body.reason.map(|reason| reason.as_str().to_owned());
        let say = usecases::Say::First { alone, reason };
        Ok(answer(usecases::say_bearer(tx, id, body.bearer, staff, say).await?))
    };
    wish.once("dispute.bear", bear).await
}

fn answer(borne: usecases::Borne) -> (StatusCode, DisputeView) {
    let usecases::Borne { payment, dispute, bearing } = borne;
    let bearing = bearing.filter(Proposal::stands);
    let waits = bearing.as_ref().is_some_and(Proposal::waits);
    let status = if waits { StatusCode::ACCEPTED } else { StatusCode::OK };
    (status, view(payment.order_number, dispute, bearing))
}

/// Approves what another member of staff said of who bears a dispute: it is decided.
///
/// Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/disputes/{id}/approve", operation_id = "approveBearer", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = DisputeId, Path, description = "The dispute"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is decided, now or before", body = DisputeView),
        (status = 403, description = "`payment/own-approval`: nobody approves what they said themselves; `payment/own-purchase`, `payment/own-seller`: nor decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: nothing is asked; `payment/not-bearable`: it cannot be borne so any more", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve(wish: Wish<DisputeMark>) -> Result<Response, Problem> {
    let id = wish.id;
    let approve = async |tx: &mut Tx, staff: &Caller, _| {
        Ok(answer(usecases::approve_bearing(tx, id, staff).await?))
    };
    wish.once("dispute.approve", approve).await
}

/// Declines what a member of staff said of who bears a dispute, or takes it back. It waits as before.
#[utoipa::path(
    post, path = "/v1/admin/disputes/{id}/decline", operation_id = "declineBearer", tag = "payment",
    request_body(content = NoBody),
    params(
        ("id" = DisputeId, Path, description = "The dispute"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is declined, now or before", body = DisputeView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody decides about what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: nothing is asked", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decline(wish: Wish<DisputeMark>) -> Result<Response, Problem> {
    let id = wish.id;
    let decline = async |tx: &mut Tx, staff: &Caller, _| {
        Ok(answer(usecases::decline_bearing(tx, id, staff).await?))
    };
    wish.once("dispute.decline", decline).await
}

//! What sellers say to what buyers send back, and what staff decide when the two disagree.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Staff, VendorOf};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query, Tx};
use kernel::{ReturnId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{Answered, Listed, NotOwn};
use super::asks::TheirReturn;
use super::paths::ReturnPath;
use super::returns::{ReturnView, ReturnsQuery, Words, WordsRequest, view};
use super::taking_back::CameBackRequest;
use crate::App;
use crate::domain::returns::{Condition, ReturnAct};
use crate::store::return_lists::{self, Of};
use crate::usecases::{self, Deed};

/// Lists a seller's returns, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/returns", operation_id = "listVendorReturns", tag = "order",
    params(("vendor_id" = VendorId, Path), ReturnsQuery, PageQuery),
    responses((status = 200, body = Page<ReturnView>, description = "A page of them.")),
    security(("bearer" = ["seller"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Query(query): Query<ReturnsQuery>,
    Query(page): Query<PageQuery>,
) -> Listed<ReturnView> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let (of, states) = (Of::Vendor(vendor_id), query.states());
    let found = return_lists::list_of(&mut conn, of, states, before, rows).await?;
    let items = found.into_iter().map(ReturnView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReturnView| it.return_id)))
}

/// Approves a return: the buyer may send it.
///
/// It has to be `requested`. The buyer has ten days.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/approve",
    operation_id = "approveReturn", tag = "order", security(("bearer" = ["seller"])),
    params(ReturnPath, ("Idempotency-Key" = Option<String>, Header)),
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `requested`.")),
)]
pub async fn approve(sent: TheirReturn, once: Idempotent<NoBody>) -> Answered {
    sent.step(once, |who, _| Deed::by(who, ReturnAct::Approve)).await
}

/// Refuses a return.
///
/// It has to be `requested`. The buyer reads why, and may contest it within seven days; then staff decide.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/refuse",
    operation_id = "refuseReturn", tag = "order", security(("bearer" = ["seller"])),
    params(ReturnPath, ("Idempotency-Key" = Option<String>, Header)), request_body = WordsRequest,
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `requested`.")),
)]
pub async fn refuse(sent: TheirReturn, once: Idempotent<WordsRequest>) -> Answered {
    sent.step(once, |who, body| body.said(Deed::by(who, ReturnAct::Refuse))).await
}

/// Reports that what the buyer sent is back as it should be.
///
/// It has to be `sent_back`. It is credited: the buyer gets the money, and the pieces are for sale again when they are
/// `resellable`. Contest what came instead if it is something else, or never came.
///
/// What the buyer's bank settled can be received, too, once: no money moves any more, and it stays `settled`.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/received",
    operation_id = "receiveReturn", tag = "order", security(("bearer" = ["seller"])),
    params(ReturnPath, ("Idempotency-Key" = Option<String>, Header)), request_body = CameBackRequest,
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is neither `sent_back` nor `settled`, or what is settled was received already.")),
)]
pub async fn receive(sent: TheirReturn, once: Idempotent<CameBackRequest>) -> Answered {
    let receive = |who, body: CameBackRequest| {
        let condition = Some(body.condition);
        Deed { condition, ..Deed::by(who, ReturnAct::Receive) }
    };
    sent.step(once, receive).await
}

/// Contests what came, or says that nothing came: staff decide.
///
/// It has to be `sent_back`.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/contest",
    operation_id = "contestReturnedGoods", tag = "order", security(("bearer" = ["seller"])),
    params(ReturnPath, ("Idempotency-Key" = Option<String>, Header)), request_body = WordsRequest,
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `sent_back`.")),
)]
pub async fn contest(sent: TheirReturn, once: Idempotent<WordsRequest>) -> Answered {
    sent.step(once, |who, body| body.said(Deed::by(who, ReturnAct::ContestGoods))).await
}

/// Lists everybody's returns, oldest first: `contested` ones wait for staff.
#[utoipa::path(
    get, path = "/v1/admin/returns", operation_id = "listAllReturns", tag = "order",
    params(ReturnsQuery, PageQuery),
    responses((status = 200, body = Page<ReturnView>, description = "A page of them.")),
    security(("bearer" = ["staff"])),
)]
pub async fn list_all(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    Query(query): Query<ReturnsQuery>,
    Query(page): Query<PageQuery>,
) -> Listed<ReturnView> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = return_lists::list_all(&mut conn, query.states(), after, rows).await?;
    let items = found.into_iter().map(ReturnView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReturnView| it.return_id)))
}

/// What staff say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideReturnRequest {
    outcome: Outcome,
    /// How it came back, with `credit` only; otherwise it counts as damaged.
    #[serde(default)]
    condition: Option<Condition>,
    /// Why, which buyer and seller read.
    words: Words,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReturnOutcome)]
pub enum Outcome {
    /// The buyer may send it back, though the seller refused.
    Approve,
    /// The buyer gets the money, though the seller contests what came.
    Credit,
    /// The buyer does not.
    Refuse,
}

/// Decides about a contested return.
///
/// Where the buyer contests a refusal: `approve` or `refuse`. Where the seller contests what came: `credit` or `refuse`.
/// `refuse` is for good.
#[utoipa::path(
    post, path = "/v1/admin/returns/{return_id}/decide", operation_id = "decideReturn", tag = "order",
    params(("return_id" = ReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = DecideReturnRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        NotOwn,
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `contested`, or that is not what it is about."),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decide(
    State(app): State<App>,
    staff: Acting<may::DecideReturns>,
    Path(id): Path<ReturnId>,
    once: Idempotent<DecideReturnRequest>,
) -> Answered {
    let who = staff.caller.user_id;
    let work = async |tx: &mut Tx, body: DecideReturnRequest| {
        let (act, condition) = match body.outcome {
            Outcome::Approve => (ReturnAct::DecideApprove, None),
            Outcome::Credit => (ReturnAct::DecideCredit, body.condition),
            Outcome::Refuse => (ReturnAct::DecideRefuse, None),
        };
        let deed = Deed { condition, ..Deed::by(who, act).saying(body.words.into_string()) };
        usecases::decide_return(tx, id, deed, &staff.caller).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    staff.once(&app.db, Act::new("return.decide").on(id.as_uuid()), once, work).await
}

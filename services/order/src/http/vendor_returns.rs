//! What sellers say to what buyers send back, and what staff decide when the two disagree.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Staff, VendorOf};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query, Tx};
use kernel::{ReturnId, UserId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::returns::{ReturnView, ReturnsQuery, Words, WordsRequest, view};
use super::taking_back::CameBackRequest;
use crate::App;
use crate::domain::returns::{Condition, ReturnAct};
use crate::store::return_lists;
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
) -> Result<Json<Page<ReturnView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let states = query.states();
    let found = return_lists::list_of_vendor(&mut conn, vendor_id, states, before, rows).await?;
    let items = found.into_iter().map(ReturnView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReturnView| it.return_id)))
}

/// Takes, once per key, the step that `deed` makes of the body, and shows the return.
async fn step<T>(
    app: &App,
    who: UserId,
    (vendor_id, id): (VendorId, ReturnId),
    once: Idempotent<T>,
    deed: impl FnOnce(T) -> Deed,
) -> Result<Response, Problem> {
    let work = async move |tx: &mut Tx, body: T| {
        usecases::step_as_seller(tx, vendor_id, id, deed(body)).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Approves a return: the buyer may send it.
///
/// It has to be `requested`. The buyer has ten days.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/approve",
    operation_id = "approveReturn", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `requested`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn approve(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ReturnId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    step(&app, who, path, once, |_| Deed::by(who, ReturnAct::Approve)).await
}

/// Refuses a return.
///
/// It has to be `requested`. The buyer reads why, and may contest it within seven days; then staff decide.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/refuse",
    operation_id = "refuseReturn", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = WordsRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `requested`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn refuse(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ReturnId)>,
    once: Idempotent<WordsRequest>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let refuse =
        |body: WordsRequest| Deed::by(who, ReturnAct::Refuse).saying(body.words.into_string());
    step(&app, who, path, once, refuse).await
}

/// Reports that what the buyer sent is back as it should be.
///
/// It has to be `sent_back`. It is credited: the buyer gets the money, and the pieces are for sale again when they are
/// `resellable`. Contest what came instead if it is something else, or never came.
///
/// What the buyer's bank settled can be received, too, once: no money moves any more, and it stays `settled`.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/received",
    operation_id = "receiveReturn", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = CameBackRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is neither `sent_back` nor `settled`, or what is settled was received already."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn receive(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ReturnId)>,
    once: Idempotent<CameBackRequest>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let receive = |body: CameBackRequest| Deed {
        condition: Some(body.condition),
        ..Deed::by(who, ReturnAct::Receive)
    };
    let work = async |tx: &mut Tx, body: CameBackRequest| {
        let (vendor_id, id) = path;
        usecases::receive_return(tx, vendor_id, id, receive(body)).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Contests what came, or says that nothing came: staff decide.
///
/// It has to be `sent_back`.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/returns/{return_id}/contest",
    operation_id = "contestReturnedGoods", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = WordsRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `sent_back`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn contest(
    State(app): State<App>,
    seller: VendorOf,
    Path(path): Path<(VendorId, ReturnId)>,
    once: Idempotent<WordsRequest>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let contest = |body: WordsRequest| {
        Deed::by(who, ReturnAct::ContestGoods).saying(body.words.into_string())
    };
    step(&app, who, path, once, contest).await
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
) -> Result<Json<Page<ReturnView>>, Problem> {
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
        (status = 403, body = Problem, description = "`order/own-order`, `order/own-seller`: nobody decides about what they bought, or a seller they act for sold."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `contested`, or that is not what it is about."),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn decide(
    State(app): State<App>,
    staff: Acting<may::DecideReturns>,
    Path(id): Path<ReturnId>,
    once: Idempotent<DecideReturnRequest>,
) -> Result<Response, Problem> {
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

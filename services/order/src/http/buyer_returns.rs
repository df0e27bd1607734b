//! What a buyer sends back.

use axum::http::StatusCode;
use chassis::auth::Buyer;
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Problem, Query, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{Answered, Listed};
use super::asks::{MyOrder, MyPart, MyReturn};
use super::paths::{MyOrderPath, MyPartPath, MyReturnPath};
use super::pieces::{PiecesRequest, Wanted};
use super::returns::{ReturnView, Words, WordsRequest, view};
use crate::domain::returns::{Parcel, ReturnAct, ReturnReason};
use crate::domain::shipment::{Carrier, TrackingNumber};
use crate::store::return_lists::{self, Of};
use crate::usecases::{self, Deed, Wish};

/// What the buyer wants to send back, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    /// Which pieces.
    #[schema(value_type = Vec<PiecesRequest>, min_items = 1, max_items = 100)]
    lines: Wanted,
    reason: ReturnReason,
    /// What else there is to say, which the seller reads.
    #[serde(default)]
    #[schema(value_type = Option<Words>)]
    words: Option<Words>,
}

/// Asks to send pieces of a seller order back.
///
/// It has to be `delivered`, and its `returnable_until` not over. No piece is in two open returns; a line that it does not
/// have is refused (422, `order/no-such-line`). The seller answers within 48 hours; without an answer it is approved. As
/// long as it is open, the seller order is not `completed`.
#[utoipa::path(
    post, path = "/v1/orders/{id}/parts/{seller_order_id}/returns",
    operation_id = "requestReturn", tag = "order", security(("bearer" = [])),
    params(MyPartPath, ("Idempotency-Key" = String, Header)), request_body = ReturnRequest,
    responses(
        (status = 201, body = ReturnView, description = "It is asked for."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not delivered. `order/return-window-over`: that was too long ago. `order/not-left`: fewer pieces are left, or they are in another open return. `order/indivisible`: only all of it can be sent back."),
    ),
)]
pub async fn request(
    MyPart { app, who: Buyer(caller), path }: MyPart,
    once: Idempotent<ReturnRequest>,
) -> Answered {
    once.required()?;
    let MyPartPath { id, seller_order_id: part } = path;
    let work = async |tx: &mut Tx, body: ReturnRequest| {
        let ReturnRequest { lines: Wanted(pieces), reason, words } = body;
        let words = words.as_ref().map(Words::as_str);
        let wish = Wish { pieces: &pieces, reason, words };
        let id = usecases::request_return(tx, id, part, caller.user_id, &wish).await?;
        Ok((StatusCode::CREATED, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &caller.user_id.to_string(), work).await
}

/// Lists the returns of an order, newest first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/returns", operation_id = "listReturns", tag = "order",
    params(MyOrderPath, PageQuery),
    responses((status = 200, body = Page<ReturnView>, description = "A page of them.")),
    security(("bearer" = [])),
)]
pub async fn list(order: MyOrder, Query(page): Query<PageQuery>) -> Listed<ReturnView> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = order.app.db.read().await?;
    let row = order.find(&mut conn).await?;
    let of = Of::Order(row.order_id);
    let found = return_lists::list_of(&mut conn, of, None, before, rows).await?;
    let items = found.into_iter().map(ReturnView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReturnView| it.return_id)))
}

/// Takes the wish back: the buyer keeps it.
///
/// It has to be `requested` or `approved`.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns/{return_id}/withdraw",
    operation_id = "withdrawReturn", tag = "order", security(("bearer" = [])),
    params(MyReturnPath, ("Idempotency-Key" = Option<String>, Header)),
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is sent back, contested or over.")),
)]
pub async fn withdraw(sent: MyReturn, once: Idempotent<NoBody>) -> Answered {
    sent.step(once, |who, _| Deed::by(who, ReturnAct::Withdraw)).await
}

/// The parcel, as far as it is known.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentBackRequest {
    /// The name of the carrier, 1 to 60 characters.
    #[serde(default)]
    carrier: Option<Carrier>,
    /// 1 to 40 letters, digits, `-` and `/`.
    #[serde(default)]
    tracking_number: Option<TrackingNumber>,
}

/// Says that it is on its way back.
///
/// It has to be `approved`. The seller says how it came within 14 days; without a word it is credited. Keep the
/// carrier's receipt: give its number here if there is one.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns/{return_id}/sent-back",
    operation_id = "sendBackReturn", tag = "order", security(("bearer" = [])),
    params(MyReturnPath, ("Idempotency-Key" = Option<String>, Header)), request_body = SentBackRequest,
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `approved`.")),
)]
pub async fn send_back(sent: MyReturn, once: Idempotent<Option<SentBackRequest>>) -> Answered {
    let send_back = |who, body: Option<SentBackRequest>| {
        let SentBackRequest { carrier, tracking_number } = body.unwrap_or_default();
        let parcel = Parcel { carrier, tracking_number };
        Deed { parcel, ..Deed::by(who, ReturnAct::SendBack) }
    };
    sent.step(once, send_back).await
}

/// Contests the seller's refusal: staff decide.
///
/// It has to be `refused`, and its `until` not over.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns/{return_id}/contest",
    operation_id = "contestReturn", tag = "order", security(("bearer" = [])),
    params(MyReturnPath, ("Idempotency-Key" = Option<String>, Header)), request_body = WordsRequest,
    responses(ReturnView, (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `refused`, or refused for good.")),
)]
pub async fn contest(sent: MyReturn, once: Idempotent<WordsRequest>) -> Answered {
    sent.step(once, |who, body| body.said(Deed::by(who, ReturnAct::ContestRefusal))).await
}

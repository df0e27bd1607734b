//! What a buyer sends back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query, Tx};
use kernel::{OrderId, ReturnId, SellerOrderId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::pieces::{PiecesRequest, Wanted};
use super::returns::{ReturnView, Words, WordsRequest, view};
use crate::App;
use crate::domain::returns::{Parcel, ReturnAct, ReturnReason};
use crate::domain::shipment::{Carrier, TrackingNumber};
use crate::error::Error;
use crate::store::{self, return_lists};
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
    post, path = "/v1/orders/{id}/parts/{seller_order_id}/returns", operation_id = "requestReturn",
    tag = "order",
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = String, Header),
    ),
    request_body = ReturnRequest,
    responses(
        (status = 201, body = ReturnView, description = "It is asked for."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not delivered. `order/return-window-over`: that was too long ago. `order/not-left`: fewer pieces are left, or they are in another open return. `order/indivisible`: only all of it can be sent back."),
    ),
    security(("bearer" = [])),
)]
pub async fn request(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path((id, part)): Path<(OrderId, SellerOrderId)>,
    once: Idempotent<ReturnRequest>,
) -> Result<Response, Problem> {
    once.required()?;
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
    params(("id" = OrderId, Path, description = "The order."), PageQuery),
    responses((status = 200, body = Page<ReturnView>, description = "A page of them.")),
    security(("bearer" = [])),
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ReturnView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let order = store::orders::find(&mut conn, id, caller.user_id).await?;
    order.ok_or(Error::NotFound)?;
    let found = return_lists::list_of_order(&mut conn, id, before, rows).await?;
    let items = found.into_iter().map(ReturnView::of).collect();
    Ok(Json(Page::of(items, page.limit, |it: &ReturnView| it.return_id)))
}

/// Takes the wish back: the buyer keeps it.
///
/// It has to be `requested` or `approved`.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns/{return_id}/withdraw", operation_id = "withdrawReturn",
    tag = "order",
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is sent back, contested or over."),
    ),
    security(("bearer" = [])),
)]
pub async fn withdraw(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path((order_id, id)): Path<(OrderId, ReturnId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let who = caller.user_id;
    let work = async |tx: &mut Tx, _: NoBody| {
        let deed = Deed::by(who, ReturnAct::Withdraw);
        usecases::step_as_buyer(tx, order_id, id, who, deed).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
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
    post, path = "/v1/orders/{id}/returns/{return_id}/sent-back", operation_id = "sendBackReturn",
    tag = "order",
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = SentBackRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `approved`."),
    ),
    security(("bearer" = [])),
)]
pub async fn send_back(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path((order_id, id)): Path<(OrderId, ReturnId)>,
    once: Idempotent<Option<SentBackRequest>>,
) -> Result<Response, Problem> {
    let who = caller.user_id;
    let work = async |tx: &mut Tx, body: Option<SentBackRequest>| {
        let SentBackRequest { carrier, tracking_number } = body.unwrap_or_default();
        let parcel = Parcel { carrier, tracking_number };
        let deed = Deed { parcel, ..Deed::by(who, ReturnAct::SendBack) };
        usecases::step_as_buyer(tx, order_id, id, who, deed).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Contests the seller's refusal: staff decide.
///
/// It has to be `refused`, and its `until` not over.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns/{return_id}/contest", operation_id = "contestReturn",
    tag = "order",
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("return_id" = ReturnId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = WordsRequest,
    responses(
        (status = 200, body = ReturnView, description = "Done."),
        (status = 409, body = Problem, description = "`order/return-transition-refused`: it is not `refused`, or refused for good."),
    ),
    security(("bearer" = [])),
)]
pub async fn contest(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path((order_id, id)): Path<(OrderId, ReturnId)>,
    once: Idempotent<WordsRequest>,
) -> Result<Response, Problem> {
    let who = caller.user_id;
    let work = async |tx: &mut Tx, body: WordsRequest| {
        let deed = Deed::by(who, ReturnAct::ContestRefusal).saying(body.words.into_string());
        usecases::step_as_buyer(tx, order_id, id, who, deed).await?;
        Ok((StatusCode::OK, view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
}

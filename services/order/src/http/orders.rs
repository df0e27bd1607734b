//! A buyer's orders.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chassis::auth::{Buyer, Caller};
use chassis::etag::{Tagged, unless_seen};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query};
use kernel::OrderId;

use super::views::{OrderSummary, OrderView};
use crate::App;
use crate::domain::saga;
use crate::error::Error;
use crate::{store, usecases};

/// The caller's orders, newest first.
#[utoipa::path(
    get,
    path = "/v1/orders",
    tag = "order",
    params(PageQuery),
    responses(
        (status = 200, body = Page<OrderSummary>, description = "A page of them."),
        (status = 400, body = Problem, description = "An unknown query parameter."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 422, body = Problem, description = "A parameter is out of range."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OrderSummary>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = store::orders::list(&mut conn, caller.user_id, before, rows).await;
    let items = found?.into_iter().map(OrderSummary::of).collect();
    Ok(Json(Page::of(items, page.limit, |order: &OrderSummary| order.order_id)))
}

/// One of the caller's orders.
#[utoipa::path(
    get,
    path = "/v1/orders/{id}",
    tag = "order",
    params(("id" = OrderId, Path, description = "The order.")),
    responses(
        (status = 200, body = OrderView, description = "As it stands, with an `ETag`."),
        (status = 304, description = "The client has it."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 404, body = Problem, description = "None such, or somebody else's."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn find(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (version, view) = view(&app, id, &caller).await?;
    Ok(unless_seen(&headers, version, view))
}

/// Cancels an order that is not paid for. While a payment is open, payment-service has the last word: 202.
#[utoipa::path(
    post,
    path = "/v1/orders/{id}/cancel",
    tag = "order",
    params(("id" = OrderId, Path, description = "The order.")),
    responses(
        (status = 200, body = OrderView, description = "It is cancelled."),
        (status = 202, body = OrderView, description = "It will be, unless the money comes first."),
        (status = 400, body = Problem, description = "There is something in the body."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 404, body = Problem, description = "None such, or somebody else's."),
        (status = 409, body = Problem, description = "`order/not-cancellable`: confirmed or rejected."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn cancel(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<OrderId>,
    _: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    usecases::cancel(&app, id, caller.user_id).await?;
    let (version, view) = view(&app, id, &caller).await?;
    let status = match view.status {
        saga::State::CancelPending => StatusCode::ACCEPTED,
        saga::State::Placed
        | saga::State::Reserving
        | saga::State::Reserved
        | saga::State::AwaitingPayment
        | saga::State::AwaitingCodOk
        | saga::State::Confirmed
        | saga::State::Rejected
        | saga::State::Cancelled => StatusCode::OK,
    };
    Ok((status, Tagged(version, view)).into_response())
}

async fn view(app: &App, id: OrderId, caller: &Caller) -> Result<(i64, OrderView), Error> {
    let mut conn = app.db.read().await?;
    let header =
        store::orders::find(&mut conn, id, caller.user_id).await?.ok_or(Error::NotFound)?;
    let parts = store::parts::list(&mut conn, id).await?;
    Ok((header.version, OrderView::of(header, &parts)))
}

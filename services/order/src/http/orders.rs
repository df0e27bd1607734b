//! A buyer's orders.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chassis::auth::{Buyer, Caller};
use chassis::etag::{Tagged, seen, unless_seen};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{Money, OrderId};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::asks::MyOrder;
use super::delivery::DeliveryView;
use super::paths::MyOrderPath;
use super::since;
use super::views::{Known, OrderView};
use crate::App;
use crate::domain::credit::CreditRefused;
use crate::domain::order::{Destination, PaymentStatus};
use crate::domain::saga::OrderState;
use crate::domain::seller_order::SellerOrderState;
use crate::domain::standing::Standing;
use crate::error::Error;
use crate::store::orders::OrderRow;
use crate::{store, usecases};

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSummary {
    pub order_id: OrderId,
    pub number: String,
    pub status: OrderState,
    /// How it stands as a whole, its seller orders considered.
    pub standing: Standing,
    /// What the buyer pays, tax and delivery included.
    pub total: Money,
    pub placed_at: Timestamp,
}

impl OrderSummary {
    fn of(parts: &[SellerOrderState], row: OrderRow) -> Self {
        Self {
            order_id: row.order_id,
            number: row.number,
            status: row.state,
            standing: Standing::of(row.state, parts.iter().copied()),
            total: row.total,
            placed_at: row.placed_at,
        }
    }
}

/// Lists the caller's orders, newest first.
#[utoipa::path(
    get, path = "/v1/orders", operation_id = "listOrders", tag = "order", params(PageQuery),
    responses((status = 200, body = Page<OrderSummary>, description = "A page of them.")),
    security(("bearer" = [])),
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OrderSummary>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let found = store::orders::list(&mut conn, caller.user_id, before, rows).await?;
    let ids: Vec<_> = found.iter().map(|order| order.order_id).collect();
    let parts = store::standings::list(&mut conn, &ids).await?;
    let of = |order: &OrderRow| parts.get(&order.order_id).map(Vec::as_slice).unwrap_or_default();
    let items = found.into_iter().map(|order| OrderSummary::of(of(&order), order)).collect();
    Ok(Json(Page::of(items, page.limit, |order: &OrderSummary| order.order_id)))
}

/// Shows one of the caller's orders.
#[utoipa::path(
    get, path = "/v1/orders/{id}", operation_id = "getOrder", tag = "order",
    params(MyOrderPath),
    responses(
        (status = 200, body = OrderView, description = "The order, with an `ETag`."),
        (status = 304, description = "Nothing new since the `ETag` in `If-None-Match`."),
    ),
    security(("bearer" = [])),
)]
pub async fn find(order: MyOrder, headers: HeaderMap) -> Result<Response, Problem> {
    let mut conn = order.app.db.read().await?;
    let row = order.find(&mut conn).await?;
    if seen(&headers) == Some(row.version) {
        // Whoever asks again and again is answered with one statement.
        return Ok(unless_seen(&headers, row.version, ()));
    }
    let (version, view) = view_of(&mut conn, row).await?;
    Ok(unless_seen(&headers, version, view))
}

/// Cancels an order, or all of it that was not shipped yet.
///
/// Before it is confirmed, all of it ends. Once a payment was asked for, the order is `cancel_pending` until that has
/// ended; money that comes first confirms the order, and then all of it is taken back. Read the order again to see.
///
/// A confirmed order stays `confirmed`. Its seller orders that were not shipped become `buyer_cancelled`, and the
/// `credits` of each say what comes back; those that were shipped stay as they are.
#[utoipa::path(
    post, path = "/v1/orders/{id}/cancel", operation_id = "cancelOrder", tag = "order",
    params(("id" = OrderId, Path, description = "The order."), ("Idempotency-Key" = Option<String>, Header, description = "Keeps no answer: a repeated request is answered as things are then")),
    responses(
        (status = 200, body = OrderView, description = "It is cancelled, or all of it that was not shipped."),
        (status = 202, body = OrderView, description = "It will be, unless the money comes first."),
        (status = 409, body = Problem, description = "`order/not-cancellable`: it was rejected, or all of it was shipped or taken back already."),
    ),
    security(("bearer" = [])),
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
        OrderState::CancelPending => StatusCode::ACCEPTED,
        OrderState::Placed
        | OrderState::Reserving
        | OrderState::Reserved
        | OrderState::AwaitingPayment
        | OrderState::AwaitingCodOk
        | OrderState::Confirmed
        | OrderState::Rejected
        | OrderState::Cancelled => StatusCode::OK,
    };
    Ok((status, Tagged(version, view)).into_response())
}

async fn view(app: &App, id: OrderId, caller: &Caller) -> Result<(i64, OrderView), Error> {
    view_in(&mut *app.db.read().await?, id, caller).await
}

/// A buyer's order with its version.
pub async fn view_in(
    conn: &mut PgConnection,
    id: OrderId,
    caller: &Caller,
) -> Result<(i64, OrderView), Error> {
    let row = store::orders::find(conn, id, caller.user_id).await?.ok_or(Error::NotFound)?;
    view_of(conn, row).await
}

async fn view_of(conn: &mut PgConnection, row: OrderRow) -> Result<(i64, OrderView), Error> {
    let parts = store::parts::list(conn, row.order_id).await?;
    let since = since::find(conn, row.order_id, &parts).await?;
    let mut refunds = Vec::new();
    if row.payment.status != PaymentStatus::NotRequested {
        refunds = store::refunds::list(conn, row.order_id, row.buyer).await?;
    }
    let Destination { address_id, version, .. } = row.destination;
    let address = store::projections::find_address(conn, address_id, version).await?;
    let known = Known { parts, since, refunds, delivery: address.map(DeliveryView::of) };
    let (etag, view) = (row.version, OrderView::of(row, known));
    Ok((etag, view.map_err(CreditRefused::from)?))
}

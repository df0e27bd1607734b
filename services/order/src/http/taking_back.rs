//! What was sold is taken back: before it was shipped by its buyer, its seller, staff; then when it comes back or is lost.

use std::num::NonZeroU32;

use axum::extract::State;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Buyer, Staff, VendorOf};
use chassis::etag::Tagged;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::line::Line;
use kernel::{OrderId, SellerOrderId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::orders;
use super::vendor_orders::{self, VendorOrderView};
use super::views::{OrderView, SellerOrderView};
use crate::App;
use crate::domain::credit::{CreditCause, Pieces, Stock};
use crate::error::Error;
use crate::usecases::Decision;
use crate::{store, usecases};

/// What the buyer does not want any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelPartRequest {
    /// Which pieces. Without it, all that is left.
    #[serde(default)]
    #[schema(value_type = Option<Vec<PiecesRequest>>, min_items = 1, max_items = 100)]
    lines: Option<Wanted>,
}

/// Pieces of one line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PiecesRequest {
    /// Which line of the seller order, counted from 0: its `position`.
    position: u32,
    /// How many of it.
    #[schema(value_type = u32, minimum = 1)]
    quantity: NonZeroU32,
}

/// From 1 to 100 of them.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<PiecesRequest>")]
struct Wanted(Vec<Pieces>);

impl TryFrom<Vec<PiecesRequest>> for Wanted {
    type Error = &'static str;

    fn try_from(lines: Vec<PiecesRequest>) -> Result<Self, Self::Error> {
        let pieces =
            |line: PiecesRequest| Pieces { position: line.position, quantity: line.quantity.get() };
        match lines.len() {
            1..=100 => Ok(Self(lines.into_iter().map(pieces).collect())),
            _ => Err("must hold 1 to 100 lines"),
        }
    }
}

/// Why it will not be supplied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackRequest {
    /// In a few words, which buyer and seller read.
    reason: Line<200>,
}

/// Cancels a seller order, or some pieces of it.
///
/// It must not be shipped yet. The `credits` say what comes back. When nothing is left, the seller order becomes
/// `buyer_cancelled`; otherwise it goes on with what is left. Send an `Idempotency-Key`: a request repeated without one
/// cancels as many pieces again.
#[utoipa::path(
    post, path = "/v1/orders/{id}/parts/{seller_order_id}/cancel", operation_id = "cancelOrderPart",
    tag = "order",
    params(
        ("id" = OrderId, Path, description = "The order."),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = CancelPartRequest,
    responses(
        (status = 200, body = OrderView, description = "Done: the whole order, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over. `order/not-left`: fewer pieces are left. `order/indivisible`: only all of it can be cancelled."),
    ),
    security(("bearer" = [])),
)]
pub async fn cancel_part(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path((id, part)): Path<(OrderId, SellerOrderId)>,
    once: Idempotent<Option<CancelPartRequest>>,
) -> Result<Response, Problem> {
    let work = async |tx: &mut Tx, body: Option<CancelPartRequest>| {
        let pieces = body.and_then(|body| body.lines).map(|Wanted(pieces)| pieces);
        usecases::cancel_part(tx, id, part, caller.user_id, pieces.as_deref()).await?;
        let (version, view) = orders::view_in(tx.conn(), id, &caller).await?;
        Ok(Tagged(version, view))
    };
    once.answer(&app.db, &caller.user_id.to_string(), work).await
}

/// Rejects a seller order that the seller cannot supply.
///
/// It must not be shipped yet. All that is left of it is taken back, the buyer gets the money and reads the reason.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/reject",
    operation_id = "rejectVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = TakeBackRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn reject(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<TakeBackRequest>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let work = async |tx: &mut Tx, body: TakeBackRequest| {
        let by_seller = Decision::by(Some(who), CreditCause::VendorRejected);
        let decision = Decision { reason: Some(body.reason.as_str()), ..by_seller };
        take_back(tx, vendor_id, id, &decision).await
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Takes back what is left of a seller order, and shows it.
async fn take_back(
    tx: &mut Tx,
    vendor_id: VendorId,
    id: SellerOrderId,
    decision: &Decision<'_>,
) -> Result<Tagged<VendorOrderView>, Problem> {
    usecases::take_back_as_seller(tx, vendor_id, id, decision).await?;
    let (version, view) = vendor_orders::view(tx.conn(), vendor_id, id).await?;
    Ok(Tagged(version, view))
}

/// How a parcel came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameBackRequest {
    /// `resellable`: what is in it is for sale again. `damaged`: it is not.
    condition: Condition,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// It can be sold again.
    Resellable,
    /// It cannot.
    Damaged,
}

/// Reports that a parcel which the buyer did not take is back.
///
/// It has to be `rto`. All that is left of it is taken back, and the buyer gets the money.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/came-back",
    operation_id = "receiveBackVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = CameBackRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `rto`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn come_back(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<CameBackRequest>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let work = async |tx: &mut Tx, body: CameBackRequest| {
        let stock = match body.condition {
            Condition::Resellable => Stock::Restock,
            Condition::Damaged => Stock::WriteOff,
        };
        let by_seller = Decision::by(Some(who), CreditCause::ReturnedToOrigin);
        take_back(tx, vendor_id, id, &Decision { stock, ..by_seller }).await
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Reports that the carrier lost a parcel.
///
/// It has to be `shipped` or `rto`. All that is left of it is taken back, and the buyer gets the money.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/lost",
    operation_id = "loseVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: no carrier has it."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn lose(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let who = seller.caller.user_id;
    let work = async |tx: &mut Tx, _: NoBody| {
        take_back(tx, vendor_id, id, &Decision::by(Some(who), CreditCause::Lost)).await
    };
    once.answer(&app.db, &who.to_string(), work).await
}

/// Cancels a seller order for its buyer and its seller.
///
/// It must not be shipped yet. All that is left of it is taken back, the buyer gets the money; both read the reason.
#[utoipa::path(
    post, path = "/v1/admin/orders/{seller_order_id}/cancel",
    operation_id = "cancelSellerOrder", tag = "order",
    params(
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = TakeBackRequest,
    responses(
        (status = 200, body = SellerOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over."),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn cancel_by_staff(
    State(app): State<App>,
    staff: Staff<may::CancelOrders>,
    Path(id): Path<SellerOrderId>,
    once: Idempotent<TakeBackRequest>,
) -> Result<Response, Problem> {
    let who = staff.caller.user_id;
    let work = async |tx: &mut Tx, body: TakeBackRequest| {
        let order_id = usecases::cancel_by_staff(tx, id, body.reason.as_str(), who).await?;
        let part = store::parts::find(tx.conn(), order_id, id).await?.ok_or(Error::NotFound)?;
        let mut credits = store::credits::list(tx.conn(), order_id).await?;
        let credits = credits.remove(&id).unwrap_or_default();
        Ok(Tagged(part.version, SellerOrderView::of(&part, &credits)))
    };
    once.answer(&app.db, &who.to_string(), work).await
}

//! What was sold is taken back: before it was shipped by its buyer, its seller, staff; then when it comes back or is lost.

use chassis::auth::{Act, Buyer};
use chassis::etag::Tagged;
use chassis::{Idempotent, Problem, Tx};
use kernel::ParcelId;
use kernel::line::Line;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::{Answered, NotOwn};
use super::asks::{MyPart, StaffOrder, TheirOrder};
use super::orders;
use super::paths::{MyPartPath, OrderPath, PartPath};
use super::pieces::{ParcelRequest, PiecesRequest, Wanted};
use super::since;
use super::vendor_orders::VendorOrderView;
use super::views::{OrderView, SellerOrderView};
use crate::domain::credit::CreditCause;
use crate::domain::returns::Condition;
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
/// `buyer_cancelled`; otherwise it goes on with what is left. With `lines` an `Idempotency-Key` is needed, because the same
/// request made again would cancel as many pieces again: without one it is refused (422, `idempotency/key-required`). So is
/// a line that it does not have (422, `order/no-such-line`).
#[utoipa::path(
    post, path = "/v1/orders/{id}/parts/{seller_order_id}/cancel",
    operation_id = "cancelOrderPart", tag = "order", security(("bearer" = [])),
    params(MyPartPath, ("Idempotency-Key" = Option<String>, Header, description = "Needed with `lines`.")), request_body = CancelPartRequest,
    responses(
        (status = 200, body = OrderView, description = "Done: the whole order, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over. `order/not-left`: fewer pieces are left. `order/indivisible`: only all of it can be cancelled."),
    ),
)]
pub async fn cancel_part(
    MyPart { app, who: Buyer(caller), path }: MyPart,
    once: Idempotent<Option<CancelPartRequest>>,
) -> Answered {
    if once.body.as_ref().is_some_and(|body| body.lines.is_some()) {
        once.required()?;
    }
    let MyPartPath { id, seller_order_id: part } = path;
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
    operation_id = "rejectVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)), request_body = TakeBackRequest,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over.")),
)]
pub async fn reject(order: TheirOrder, once: Idempotent<TakeBackRequest>) -> Answered {
    let OrderPath { vendor_id, seller_order_id: id } = order.path;
    let by_seller = Decision::by(Some(order.who.caller.user_id), CreditCause::VendorRejected);
    let act = async |tx: &mut Tx, body: TakeBackRequest| {
        let decision = Decision { reason: Some(body.reason.as_str()), ..by_seller };
        usecases::take_back_as_seller(tx, vendor_id, id, &decision).await
    };
    order.answer(id, once, act).await
}

/// How a parcel came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameBackRequest {
    /// `resellable`: what is in it is for sale again. `damaged`: it is not.
    pub condition: Condition,
    /// Which parcel. Without it, every one that goes back.
    #[serde(default)]
    parcel_id: Option<ParcelId>,
}

/// Reports that a parcel which the buyer did not take is back.
///
/// It has to be `rto`. What is in it is taken back, and the buyer gets the money. Where the buyer's bank paid it back before,
/// only its pieces find their place.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/came-back",
    operation_id = "receiveBackVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)), request_body = CameBackRequest,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is not `rto`.")),
)]
pub async fn come_back(order: TheirOrder, once: Idempotent<CameBackRequest>) -> Answered {
    let OrderPath { vendor_id, seller_order_id: id } = order.path;
    let by_seller = Decision::by(Some(order.who.caller.user_id), CreditCause::ReturnedToOrigin);
    let act = async |tx: &mut Tx, body: CameBackRequest| {
        let CameBackRequest { condition, parcel_id: parcel } = body;
        let decision = Decision { stock: condition.stock(), parcel, ..by_seller };
        usecases::take_back_as_seller(tx, vendor_id, id, &decision).await
    };
    order.answer(id, once, act).await
}

/// Reports that the carrier lost a parcel.
///
/// It has to be `shipped` or `rto`, and on its way for three days (`ORDER__LOST_AFTER_S`): before, it may still arrive, and
/// only staff can say that it will not. What is in it is taken back, and the buyer gets the money, unless the bank gave it.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/lost",
    operation_id = "loseVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)), request_body = Option<ParcelRequest>,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: no carrier has it. `order/not-lost-yet`: it may still arrive.")),
)]
pub async fn lose(order: TheirOrder, once: Idempotent<Option<ParcelRequest>>) -> Answered {
    let (app, OrderPath { vendor_id, seller_order_id: id }) = (&order.app, order.path);
    let who = order.who.caller.user_id;
    let act = async |tx: &mut Tx, body: Option<ParcelRequest>| {
        let parcel = body.and_then(|body| body.parcel_id);
        usecases::lose(app, tx, vendor_id, id, parcel, who).await
    };
    order.answer(id, once, act).await
}

/// Cancels a seller order for its buyer and its seller.
///
/// It must not be shipped yet. All that is left of it is taken back, the buyer gets the money; both read the reason.
#[utoipa::path(
    post, path = "/v1/admin/orders/{seller_order_id}/cancel",
    operation_id = "cancelSellerOrder", tag = "order", security(("bearer" = ["staff"])),
    params(PartPath, ("Idempotency-Key" = Option<String>, Header)), request_body = TakeBackRequest,
    responses(SellerOrderView, NotOwn, (status = 409, body = Problem, description = "`order/transition-refused`: it is shipped or over.")),
)]
pub async fn cancel_by_staff(order: StaffOrder, once: Idempotent<TakeBackRequest>) -> Answered {
    take_back_as_staff(order, once, "seller_order.cancel", CreditCause::StaffCancelled).await
}

/// Declares a parcel lost, for its buyer and its seller.
///
/// It has to be `shipped` or `rto`, for however short a time. All that is left of it is taken back, and the buyer gets the
/// money; both read the reason.
#[utoipa::path(
    post, path = "/v1/admin/orders/{seller_order_id}/lost",
    operation_id = "loseSellerOrder", tag = "order", security(("bearer" = ["staff"])),
    params(PartPath, ("Idempotency-Key" = Option<String>, Header)), request_body = TakeBackRequest,
    responses(SellerOrderView, NotOwn, (status = 409, body = Problem, description = "`order/transition-refused`: no carrier has it.")),
)]
pub async fn lose_by_staff(order: StaffOrder, once: Idempotent<TakeBackRequest>) -> Answered {
    take_back_as_staff(order, once, "seller_order.lose", CreditCause::Lost).await
}

/// Takes back what is left of a seller order, and shows it.
async fn take_back_as_staff(
    StaffOrder { app, who: staff, path }: StaffOrder,
    once: Idempotent<TakeBackRequest>,
    act: &'static str,
    cause: CreditCause,
) -> Answered {
    let (id, decision) = (path.seller_order_id, Decision::by_staff(staff.caller.user_id, cause));
    let work = async |tx: &mut Tx, body: TakeBackRequest| {
        let decision = Decision { reason: Some(body.reason.as_str()), ..decision };
        let order_id = usecases::take_back_as_staff(tx, id, &decision, &staff.caller).await?;
        let part = store::parts::find(tx.conn(), order_id, id).await?.ok_or(Error::NotFound)?;
        let since = since::find_one(tx.conn(), order_id, &part).await?;
        Ok(Tagged(part.version, SellerOrderView::of(&part, &since)))
    };
    staff.once(&app.db, Act::new(act).on(id.as_uuid()), once, work).await
}

//! What a seller does with its orders. A command that the state machine has no arrow for is 409.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::Tagged;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::{SellerOrderId, UserId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::vendor_orders::{VendorOrderView, view};
use crate::App;
use crate::domain::shipment::{Carrier, Shipment, TrackingNumber};
use crate::usecases::{self, FulfilmentCommand};

/// The parcel that a carrier has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipRequest {
    /// The name of the carrier, 1 to 60 characters.
    carrier: Carrier,
    /// 1 to 40 letters, digits, `-` and `/`.
    tracking_number: TrackingNumber,
}

/// Does, once per key, what `command` makes of the body, and shows the seller order.
async fn fulfil<T>(
    app: &App,
    user_id: UserId,
    vendor_id: VendorId,
    id: SellerOrderId,
    once: Idempotent<T>,
    command: impl FnOnce(T) -> FulfilmentCommand,
) -> Result<Response, Problem> {
    let work = async move |tx: &mut Tx, body: T| {
        usecases::fulfil(app, tx, vendor_id, id, &command(body)).await?;
        let (version, view) = view(tx.conn(), vendor_id, id).await?;
        Ok(Tagged(version, view))
    };
    once.answer(&app.db, &user_id.to_string(), work).await
}

/// Accepts a seller order.
///
/// It has to be `confirmed`. Pack it next.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/accept",
    operation_id = "acceptVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `confirmed`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn accept(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, |_| FulfilmentCommand::Accept).await
}

/// Marks a seller order as packed.
///
/// It has to be `accepted`. Ship it next.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/pack",
    operation_id = "packVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `accepted`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn pack(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, |_| FulfilmentCommand::Pack).await
}

/// Marks a seller order as shipped.
///
/// It has to be `packed`. The parcel holds what was not taken back. The buyer is told by mail, with carrier and tracking
/// number.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/ship",
    operation_id = "shipVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = ShipRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `packed`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn ship(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<ShipRequest>,
) -> Result<Response, Problem> {
    let ship = |body: ShipRequest| {
        let ShipRequest { carrier, tracking_number } = body;
        FulfilmentCommand::Ship(Shipment { carrier, tracking_number })
    };
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, ship).await
}

/// Marks a seller order as delivered.
///
/// It has to be `shipped`, or `rto` when it is taken after all. From then on the buyer may rate it, and cash that was taken at the door can be reported.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/deliver",
    operation_id = "deliverVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is neither `shipped` nor `rto`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn deliver(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, |_| FulfilmentCommand::Deliver).await
}

/// Reports that the buyer did not take a parcel.
///
/// It has to be `shipped`, and is `rto` (return to origin) until it is back, delivered after all, or lost.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/turned-away",
    operation_id = "turnAwayVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `shipped`."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn turn_away(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, |_| FulfilmentCommand::TurnAway).await
}

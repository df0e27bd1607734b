//! What a seller sends, and what becomes of it.

use chassis::{Idempotent, Problem, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::Answered;
use super::asks::{TheirOrder, TheirParcel};
use super::paths::{OrderPath, ParcelPath};
use super::pieces::{ParcelRequest, PiecesRequest, Wanted};
use super::vendor_orders::VendorOrderView;
use crate::domain::shipment::{Carrier, Shipment, TrackingNumber};
use crate::usecases::{self, AtTheDoor};

/// The parcel that a carrier has.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipRequest {
    /// The name of the carrier, 1 to 60 characters.
    carrier: Carrier,
    /// 1 to 40 letters, digits, `-` and `/`.
    tracking_number: TrackingNumber,
    /// What is in it. Without it, all that was not sent yet.
    #[serde(default)]
    #[schema(value_type = Option<Vec<PiecesRequest>>, min_items = 1, max_items = 100)]
    lines: Option<Wanted>,
}

/// Who carries a parcel, and under which number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackingRequest {
    /// The name of the carrier, 1 to 60 characters.
    carrier: Carrier,
    /// 1 to 40 letters, digits, `-` and `/`.
    tracking_number: TrackingNumber,
}

/// Sends a parcel.
///
/// The seller order has to be `packed`. Without `lines` the parcel holds all that was neither sent nor taken back before.
/// While something is left to send, the seller order stays `packed`, and its buyer can still cancel that; afterwards it is
/// `shipped`. The buyer is told of each parcel by mail, with carrier and tracking number. What is paid in cash goes out in
/// one parcel. With `lines` an `Idempotency-Key` is needed, because the same request made again would send as many pieces
/// again: without one it is refused (422, `idempotency/key-required`). So is a line that it does not have (422,
/// `order/no-such-line`).
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/ship",
    operation_id = "shipVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header, description = "Needed with `lines`.")), request_body = ShipRequest,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is not `packed`. `order/not-left`: fewer pieces are left. `order/one-parcel`: it is paid in cash, and some of it would stay behind.")),
)]
pub async fn ship(order: TheirOrder, once: Idempotent<ShipRequest>) -> Answered {
    if once.body.lines.is_some() {
        once.required()?;
    }
    let (app, OrderPath { vendor_id, seller_order_id: id }) = (&order.app, order.path);
    let act = async |tx: &mut Tx, body: ShipRequest| {
        let ShipRequest { carrier, tracking_number, lines } = body;
        let shipment = Shipment { carrier, tracking_number };
        let pieces = lines.map(|Wanted(pieces)| pieces);
        usecases::ship(app, tx, vendor_id, id, shipment, pieces.as_deref()).await
    };
    order.answer(id, once, act).await
}

/// Writes down, once per key, what became of parcels at the door, and shows the seller order.
async fn reach_door(
    order: TheirOrder,
    once: Idempotent<Option<ParcelRequest>>,
    end: AtTheDoor,
) -> Answered {
    let (app, OrderPath { vendor_id, seller_order_id: id }) = (&order.app, order.path);
    let act = async |tx: &mut Tx, body: Option<ParcelRequest>| {
        let parcel = body.and_then(|body| body.parcel_id);
        usecases::reach_door(app, tx, vendor_id, id, parcel, end).await
    };
    order.answer(id, once, act).await
}

/// Marks a parcel, or the whole seller order, as delivered.
///
/// It has to be `shipped`, or `rto` when it is taken after all. The seller order is `delivered` when all of its parcels
/// are and nothing is left to send; one that the buyer's bank settled meanwhile stays `lost`. From then on the buyer may rate it, and cash that was taken at the door can be reported.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/deliver",
    operation_id = "deliverVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)), request_body = Option<ParcelRequest>,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is neither `shipped` nor `rto`.")),
)]
pub async fn deliver(order: TheirOrder, once: Idempotent<Option<ParcelRequest>>) -> Answered {
    reach_door(order, once, AtTheDoor::TAKEN).await
}

/// Reports that the buyer did not take a parcel.
///
/// It has to be `shipped`, and is `rto` (return to origin) until it is back, delivered after all, or lost.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/turned-away",
    operation_id = "turnAwayVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)), request_body = Option<ParcelRequest>,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is not `shipped`.")),
)]
pub async fn turn_away(order: TheirOrder, once: Idempotent<Option<ParcelRequest>>) -> Answered {
    reach_door(order, once, AtTheDoor::TURNED_AWAY).await
}

/// Corrects carrier and tracking number of a parcel.
///
/// It has to be on its way, there or back.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/parcels/{parcel_id}/tracking",
    operation_id = "correctParcelTracking", tag = "order", security(("bearer" = ["seller"])),
    params(ParcelPath, ("Idempotency-Key" = Option<String>, Header)), request_body = TrackingRequest,
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/not-on-its-way`: no carrier has it any more.")),
)]
pub async fn correct_tracking(parcel: TheirParcel, once: Idempotent<TrackingRequest>) -> Answered {
    let ParcelPath { vendor_id, seller_order_id: id, parcel_id } = parcel.path;
    let act = async |tx: &mut Tx, body: TrackingRequest| {
        let TrackingRequest { carrier, tracking_number } = body;
        let shipment = Shipment { carrier, tracking_number };
        usecases::correct_tracking(tx, vendor_id, id, parcel_id, shipment).await
    };
    parcel.answer(id, once, act).await
}

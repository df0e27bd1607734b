//! What a seller sends, and what becomes of it.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::{Idempotent, Path, Problem, Tx};
use kernel::{ParcelId, SellerOrderId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::pieces::{ParcelRequest, PiecesRequest, Wanted};
use super::seller_acts;
use super::vendor_orders::VendorOrderView;
use crate::App;
use crate::domain::shipment::{Carrier, Shipment, TrackingNumber};
use crate::usecases;

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
    operation_id = "shipVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Needed with `lines`."),
    ),
    request_body = ShipRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/transition-refused`: it is not `packed`. `order/not-left`: fewer pieces are left. `order/one-parcel`: it is paid in cash, and some of it would stay behind."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn ship(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<ShipRequest>,
) -> Result<Response, Problem> {
    if once.body.lines.is_some() {
        once.required()?;
    }
    let act = async |tx: &mut Tx, body: ShipRequest| {
        let ShipRequest { carrier, tracking_number, lines } = body;
        let shipment = Shipment { carrier, tracking_number };
        let pieces = lines.map(|Wanted(pieces)| pieces);
        usecases::ship(&app, tx, vendor_id, id, shipment, pieces.as_deref()).await
    };
    seller_acts::answer(&app, &seller, id, once, act).await
}

/// Marks a parcel, or the whole seller order, as delivered.
///
/// It has to be `shipped`, or `rto` when it is taken after all. The seller order is `delivered` when all of its parcels
/// are and nothing is left to send. From then on the buyer may rate it, and cash that was taken at the door can be reported.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/deliver",
    operation_id = "deliverVendorOrder", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = Option<ParcelRequest>,
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
    once: Idempotent<Option<ParcelRequest>>,
) -> Result<Response, Problem> {
    let act = async |tx: &mut Tx, body: Option<ParcelRequest>| {
        let parcel = body.and_then(|body| body.parcel_id);
        usecases::deliver(&app, tx, vendor_id, id, parcel).await
    };
    seller_acts::answer(&app, &seller, id, once, act).await
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
    request_body = Option<ParcelRequest>,
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
    once: Idempotent<Option<ParcelRequest>>,
) -> Result<Response, Problem> {
    let act = async |tx: &mut Tx, body: Option<ParcelRequest>| {
        let parcel = body.and_then(|body| body.parcel_id);
        usecases::turn_away(&app, tx, vendor_id, id, parcel).await
    };
    seller_acts::answer(&app, &seller, id, once, act).await
}

/// Corrects carrier and tracking number of a parcel.
///
/// It has to be on its way, there or back.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/parcels/{parcel_id}/tracking",
    operation_id = "correctParcelTracking", tag = "order",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("parcel_id" = ParcelId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = TrackingRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 409, body = Problem, description = "`order/not-on-its-way`: no carrier has it any more."),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn correct_tracking(
    State(app): State<App>,
    seller: VendorOf,
    Path((vendor_id, id, parcel_id)): Path<(VendorId, SellerOrderId, ParcelId)>,
    once: Idempotent<TrackingRequest>,
) -> Result<Response, Problem> {
    let act = async |tx: &mut Tx, body: TrackingRequest| {
        let TrackingRequest { carrier, tracking_number } = body;
        let shipment = Shipment { carrier, tracking_number };
        usecases::correct_tracking(tx, vendor_id, id, parcel_id, shipment).await
    };
    seller_acts::answer(&app, &seller, id, once, act).await
}

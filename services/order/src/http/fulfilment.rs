//! What a seller does with its orders. A command that the state machine has no arrow for is 409.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::Tagged;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::{SellerOrderId, VendorId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::vendor_orders::{VendorOrderView, view};
use crate::App;
use crate::domain::shipment::{Carrier, Shipment, TrackingNumber};
use crate::usecases::{self, FulfilmentCommand};

/// How a parcel travels.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipRequest {
    /// Who carries it.
    carrier: Carrier,
    /// Under which number.
    tracking_number: TrackingNumber,
}

/// Does, once per key, what `command` makes of the body, and shows the seller order.
async fn fulfil<T>(
    app: &App,
    seller: &VendorOf,
    (vendor_id, id): (VendorId, SellerOrderId),
    once: Idempotent<T>,
    command: impl FnOnce(T) -> FulfilmentCommand,
) -> Result<Response, Problem> {
    let work = async move |tx: &mut Tx, body: T| {
        usecases::fulfil(tx, vendor_id, id, &command(body)).await?;
        let (version, view) = view(tx.conn(), vendor_id, id).await?;
        Ok(Tagged(version, view))
    };
    once.answer(&app.db, &seller.caller.user_id.to_string(), work).await
}

/// Takes a seller order on.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/accept",
    tag = "order",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller."),
        ("seller_order_id" = SellerOrderId, Path, description = "The seller order."),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 400, body = Problem, description = "There is something in the body."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "None such, or another seller's."),
        (status = 409, body = Problem, description = "`order/transition-refused`, or the first request with the key still runs."),
        (status = 422, body = Problem, description = "The key was used for another request."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn accept(
    State(app): State<App>,
    seller: VendorOf,
    Path(ids): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, &seller, ids, once, |_| FulfilmentCommand::Accept).await
}

/// Says that the parcel is packed.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/pack",
    tag = "order",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller."),
        ("seller_order_id" = SellerOrderId, Path, description = "The seller order."),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 400, body = Problem, description = "There is something in the body."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "None such, or another seller's."),
        (status = 409, body = Problem, description = "`order/transition-refused`, or the first request with the key still runs."),
        (status = 422, body = Problem, description = "The key was used for another request."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn pack(
    State(app): State<App>,
    seller: VendorOf,
    Path(ids): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, &seller, ids, once, |_| FulfilmentCommand::Pack).await
}

/// Says that a carrier has the parcel.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/ship",
    tag = "order",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller."),
        ("seller_order_id" = SellerOrderId, Path, description = "The seller order."),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body = ShipRequest,
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 400, body = Problem, description = "The body is not JSON, or has an unknown member."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "None such, or another seller's."),
        (status = 409, body = Problem, description = "`order/transition-refused`, or the first request with the key still runs."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "A value is not valid."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn ship(
    State(app): State<App>,
    seller: VendorOf,
    Path(ids): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<ShipRequest>,
) -> Result<Response, Problem> {
    let ship = |body: ShipRequest| {
        let ShipRequest { carrier, tracking_number } = body;
        FulfilmentCommand::Ship(Shipment { carrier, tracking_number })
    };
    fulfil(&app, &seller, ids, once, ship).await
}

/// Says that the parcel reached the buyer.
#[utoipa::path(
    post,
    path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/deliver",
    tag = "order",
    params(
        ("vendor_id" = VendorId, Path, description = "The seller."),
        ("seller_order_id" = SellerOrderId, Path, description = "The seller order."),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    responses(
        (status = 200, body = VendorOrderView, description = "Done, with an `ETag`."),
        (status = 400, body = Problem, description = "There is something in the body."),
        (status = 401, body = Problem, description = "Not signed in."),
        (status = 403, body = Problem, description = "The caller acts for no seller."),
        (status = 404, body = Problem, description = "None such, or another seller's."),
        (status = 409, body = Problem, description = "`order/transition-refused`, or the first request with the key still runs."),
        (status = 422, body = Problem, description = "The key was used for another request."),
        (status = 503, body = Problem, description = "The database is away."),
    ),
    security(("bearer" = []))
)]
pub async fn deliver(
    State(app): State<App>,
    seller: VendorOf,
    Path(ids): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, &seller, ids, once, |_| FulfilmentCommand::Deliver).await
}

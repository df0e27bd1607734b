//! What a seller does with its orders before they go out. A command that the state machine has no arrow for is 409.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::{SellerOrderId, VendorId};

use super::seller_acts;
use super::vendor_orders::VendorOrderView;
use crate::App;
use crate::usecases::{self, FulfilmentCommand};

/// Does, once per key, what `command` says, and shows the seller order.
async fn fulfil(
    app: &App,
    seller: &VendorOf,
    id: SellerOrderId,
    once: Idempotent<NoBody>,
    command: FulfilmentCommand,
) -> Result<Response, Problem> {
    let vendor_id = seller.vendor_id;
    let act = async |tx: &mut Tx, _| usecases::fulfil(app, tx, vendor_id, id, command).await;
    seller_acts::answer(app, seller, id, once, act).await
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
    Path((_vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, &seller, id, once, FulfilmentCommand::Accept).await
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
    Path((_vendor_id, id)): Path<(VendorId, SellerOrderId)>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    fulfil(&app, &seller, id, once, FulfilmentCommand::Pack).await
}

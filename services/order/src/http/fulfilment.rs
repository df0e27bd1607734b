//! What a seller does with its orders before they go out. A command that the state machine has no arrow for is 409.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::Tagged;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::{SellerOrderId, UserId, VendorId};

use super::vendor_orders::{VendorOrderView, view};
use crate::App;
use crate::usecases::{self, FulfilmentCommand};

/// Does, once per key, what `command` says, and shows the seller order.
async fn fulfil(
    app: &App,
    user_id: UserId,
    vendor_id: VendorId,
    id: SellerOrderId,
    once: Idempotent<NoBody>,
    command: FulfilmentCommand,
) -> Result<Response, Problem> {
    let work = async |tx: &mut Tx, _: NoBody| {
        usecases::fulfil(app, tx, vendor_id, id, command).await?;
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
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, FulfilmentCommand::Accept).await
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
    fulfil(&app, seller.caller.user_id, vendor_id, id, once, FulfilmentCommand::Pack).await
}

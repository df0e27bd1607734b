//! What a seller does with its orders before they go out. A command that the state machine has no arrow for is 409.

use chassis::{Idempotent, NoBody, Problem, Tx};

use super::answers::Answered;
use super::asks::TheirOrder;
use super::paths::OrderPath;
use super::vendor_orders::VendorOrderView;
use crate::usecases::{self, FulfilmentCommand};

/// Does, once per key, what `command` says, and shows the seller order.
async fn fulfil(
    order: TheirOrder,
    once: Idempotent<NoBody>,
    command: FulfilmentCommand,
) -> Answered {
    let (app, OrderPath { vendor_id, seller_order_id: id }) = (&order.app, order.path);
    let act = async |tx: &mut Tx, _| usecases::fulfil(app, tx, vendor_id, id, command).await;
    order.answer(id, once, act).await
}

/// Accepts a seller order.
///
/// It has to be `confirmed`. Pack it next.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/accept",
    operation_id = "acceptVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)),
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is not `confirmed`.")),
)]
pub async fn accept(order: TheirOrder, once: Idempotent<NoBody>) -> Answered {
    fulfil(order, once, FulfilmentCommand::Accept).await
}

/// Marks a seller order as packed.
///
/// It has to be `accepted`. Ship it next.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/pack",
    operation_id = "packVendorOrder", tag = "order", security(("bearer" = ["seller"])),
    params(OrderPath, ("Idempotency-Key" = Option<String>, Header)),
    responses(VendorOrderView, (status = 409, body = Problem, description = "`order/transition-refused`: it is not `accepted`.")),
)]
pub async fn pack(order: TheirOrder, once: Idempotent<NoBody>) -> Answered {
    fulfil(order, once, FulfilmentCommand::Pack).await
}

//! What a seller does to one of its orders is answered once, with the order as it stands then.

use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::etag::Tagged;
use chassis::{Idempotent, Problem, Tx};
use kernel::SellerOrderId;

use super::vendor_orders;
use crate::App;
use crate::error::Error;

/// Does `act` with the body, once per key, and shows the seller order.
pub async fn answer<T>(
    app: &App,
    seller: &VendorOf,
    id: SellerOrderId,
    once: Idempotent<T>,
    act: impl AsyncFnOnce(&mut Tx, T) -> Result<(), Error>,
) -> Result<Response, Problem> {
    let work = async |tx: &mut Tx, body: T| {
        act(tx, body).await?;
        let (version, view) = vendor_orders::view(tx.conn(), seller.vendor_id, id).await?;
        Ok(Tagged(version, view))
    };
    once.answer(&app.db, &seller.caller.user_id.to_string(), work).await
}

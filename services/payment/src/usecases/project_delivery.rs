//! Copies that a parcel arrived.

use chassis::Tx;
use jiff::Timestamp;
use kernel::SellerOrderId;

use crate::error::Error;
use crate::store::deliveries;

pub async fn project_delivery(
    tx: &mut Tx,
    seller_order: SellerOrderId,
    at: Timestamp,
) -> Result<(), Error> {
    Ok(deliveries::insert(tx.conn(), seller_order, at).await?)
}

//! A parcel left: what was sold is out of the house.

use chassis::Tx;
use contracts::order::SellerOrderShipped;

use super::settle;
use crate::domain::demand::sum;
use crate::domain::parcel::ParcelRef;
use crate::domain::reservation::Parcel;
use crate::error::Error;
use crate::store;

/// Takes the contents of a parcel off the books, once per parcel. Heard before its pieces are sold, it waits.
pub async fn ship(tx: &mut Tx, shipped: SellerOrderShipped) -> Result<(), Error> {
    let order = shipped.seller_order;
    let parcel = ParcelRef::of(order.seller_order_id, shipped.parcel_id);
    let now = tx.now();
    let contents = sum(shipped.lines.into_iter().map(|line| (line.sku, line.quantity)));
    let (mut reservation, mut shelf) =
        settle::lock(tx, order.checkout_id, order.order_id, contents.keys()).await?;
    shelf.all_of(order.vendor_id).map_err(Error::ShipmentUnmatched)?;
    // A parcel counts once. One that does not match is undone with this row, and may come again.
    if !store::shipments::insert(tx.conn(), order.checkout_id, parcel, &contents, now).await? {
        return Ok(());
    }

    match reservation.ship(parcel, &contents) {
        Parcel::Waits => Ok(()),
        Parcel::Unmatched(sku) => Err(Error::ShipmentUnmatched(sku)),
        Parcel::Left(moves) => settle::let_go(tx, &reservation, &mut shelf, parcel, &moves).await,
    }
}

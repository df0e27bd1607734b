//! An order is paid for: what is held for it is sold.

use chassis::Tx;
use contracts::order::{OrderConfirmed, SellerPart};

use super::settle;
use crate::domain::demand::{Demand, sum};
use crate::domain::reservation::{Parcel, Reservation};
use crate::domain::shelf::Shelf;
use crate::error::Error;
use crate::store;

/// Sells what is held; takes it from the shelf where nothing is held any more, and says what is missing.
pub async fn confirm(tx: &mut Tx, confirmed: OrderConfirmed) -> Result<(), Error> {
    let order = confirmed.order;
    let now = tx.now();
    // The reservation first, then its SKUs: those that are owed and those that are held, which may differ.
    let mut reservation =
        store::reservations::lock(tx.conn(), order.checkout_id, order.order_id, now).await?;
    let demand =
        |part: SellerPart| sum(part.lines.into_iter().map(|line| (line.sku, line.quantity)));
    let parts: Vec<Demand> = order.parts.into_iter().map(demand).collect();
    let skus =
        parts.iter().flat_map(Demand::keys).chain(reservation.lines.iter().map(|line| &line.sku));
    let mut shelf = store::stock::lock(tx.conn(), skus).await?;

    let before = reservation.lines.clone();
    let step = reservation.confirm(&parts, &shelf);
    if reservation.lines != before {
        store::reservations::set_lines(tx.conn(), &reservation).await?;
    }
    settle::settle(tx, &reservation, &mut shelf, step).await?;
    let_parcels_go(tx, &mut reservation, &mut shelf).await
}

/// Parcels may have been heard of before the pieces in them were sold.
async fn let_parcels_go(
    tx: &mut Tx,
    reservation: &mut Reservation,
    shelf: &mut Shelf,
) -> Result<(), Error> {
    let checkout_id = reservation.checkout_id;
    for (parcel, contents) in store::shipments::list_waiting(tx.conn(), checkout_id).await? {
        match reservation.ship(parcel, &contents) {
            Parcel::Waits => {}
            Parcel::Left(moves) => settle::let_go(tx, reservation, shelf, parcel, &moves).await?,
            // The order is paid for all the same: a wrong parcel must not stop the sale.
            Parcel::Unmatched(sku) => tracing::error!(
                seller_order.id = %parcel.seller_order_id,
                "parcel {} holds more of {sku} than was sold",
                parcel.id
            ),
        }
    }
    Ok(())
}

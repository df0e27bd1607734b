//! What every verb about stock ends with: pieces move, the ledger grows, the neighbours hear of it.

use chassis::Tx;
use kernel::{CheckoutId, MovementId, OrderId, Sku};

use super::events_out;
use crate::domain::parcel::ParcelRef;
use crate::domain::reservation::{Reservation, ReservationStep};
use crate::domain::shelf::{Shelf, Short};
use crate::domain::stock::Move;
use crate::error::Error;
use crate::store;

/// The reservation first, then SKUs, as everybody locks them, so that no two wait for each other.
pub async fn lock<'a>(
    tx: &mut Tx,
    checkout_id: CheckoutId,
    order_id: OrderId,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> Result<(Reservation, Shelf), Error> {
    let now = tx.now();
    let reservation = store::reservations::lock(tx.conn(), checkout_id, order_id, now).await?;
    let shelf = store::stock::lock(tx.conn(), skus).await?;
    Ok((reservation, shelf))
}

/// Moves pieces of locked SKUs, all or nothing.
pub async fn carry_out(
    tx: &mut Tx,
    shelf: &mut Shelf,
    moves: &[Move],
) -> Result<Vec<MovementId>, Error> {
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let crossed = shelf.carry_out(moves).map_err(|Short(sku)| Error::StockNegative(sku))?;
    store::stock::shift(tx.conn(), moves).await?;
    let now = tx.now();
    let ids = store::movements::insert(tx.conn(), moves, now).await?;
    for level in crossed {
        events_out::level(tx, level);
    }
    Ok(ids)
}

pub async fn settle(
    tx: &mut Tx,
    reservation: &Reservation,
    shelf: &mut Shelf,
    step: ReservationStep,
) -> Result<(), Error> {
    let now = tx.now();
    match step {
        ReservationStep::Same => {}
        ReservationStep::Remember => {
            store::reservations::update(tx.conn(), reservation, now).await?;
        }
        ReservationStep::Answer(moves) => {
            carry_out(tx, shelf, &moves).await?;
            store::reservations::update(tx.conn(), reservation, now).await?;
            events_out::reservation(tx, reservation);
        }
    }
    Ok(())
}

pub async fn let_go(
    tx: &mut Tx,
    reservation: &Reservation,
    shelf: &mut Shelf,
    parcel: ParcelRef,
    moves: &[Move],
) -> Result<(), Error> {
    let now = tx.now();
    carry_out(tx, shelf, moves).await?;
    store::reservations::set_lines(tx.conn(), reservation).await?;
    Ok(store::shipments::set_applied(tx.conn(), parcel, now).await?)
}

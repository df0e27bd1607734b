//! Holds whose time is over.

use chassis::Tx;
use kernel::{CheckoutId, OrderId, Sku};
use uuid::Uuid;

use super::settle;
use crate::domain::reservation::Reservation;
use crate::error::Error;
use crate::store;

pub async fn overdue(except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
    let now = tx.now();
    let due = store::reservations::list_due(tx.conn(), now, except).await?;
    Ok(due.iter().map(CheckoutId::as_uuid).collect())
}

/// Puts the pieces of those of these holds that are overdue back on the shelf. Returns how many holds that were.
pub async fn expire(ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
    let now = tx.now();
    // In the order of their ends, which is nobody else's: so it waits for no lock, and leaves what is locked.
    let due = store::reservations::lock_due(tx.conn(), now, ids).await?;
    let mut reservations = lock(due, tx).await?;
    // All SKUs of all holds at once and in order, so that no reservation waits for us and we for it.
    let lines = reservations.iter().flat_map(|reservation| &reservation.lines);
    let skus: Vec<Sku> = lines.map(|line| line.sku.clone()).collect();
    let mut shelf = store::stock::lock(tx.conn(), &skus).await?;

    for reservation in &mut reservations {
        let step = reservation.time_is(now);
        settle::settle(tx, reservation, &mut shelf, step).await?;
        tracing::info!(
            checkout.id = %reservation.checkout_id,
            "the hold of checkout {} expired", reservation.checkout_id
        );
    }
    Ok(reservations.len())
}

async fn lock(due: Vec<(CheckoutId, OrderId)>, tx: &mut Tx) -> Result<Vec<Reservation>, Error> {
    let now = tx.now();
    let mut reservations = Vec::with_capacity(due.len());
    for (checkout_id, order_id) in due {
        let conn = tx.conn();
        reservations.push(store::reservations::lock(conn, checkout_id, order_id, now).await?);
    }
    Ok(reservations)
}

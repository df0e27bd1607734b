//! An order ended without being supplied: what is held for it goes back.

use chassis::Tx;
use contracts::order::OrderCancelled;

use super::settle;
use crate::error::Error;
use crate::store;

/// Puts what is held back on the shelf. Heard before the hold was asked for, it is remembered.
pub async fn cancel(tx: &mut Tx, cancelled: OrderCancelled) -> Result<(), Error> {
    let OrderCancelled { checkout_id, order_id, .. } = cancelled;
    let now = tx.now();
    // The reservation first, then its SKUs, as everybody does, so that no two wait for each other.
    let mut reservation = store::reservations::lock(tx.conn(), checkout_id, order_id, now).await?;
    let skus = reservation.lines.iter().map(|line| &line.sku);
    let mut shelf = store::stock::lock(tx.conn(), skus).await?;

    let step = reservation.cancel();
    settle::settle(tx, &reservation, &mut shelf, step).await
}

//! Many events at once: what they touch is locked before the first of them is heard.

use chassis::Tx;
use kernel::{CheckoutId, OrderId, Sku};

use crate::error::Error;
use crate::store;

/// Locks the reservations of these checkouts, then these SKUs and those of the reservations: each kind in its order,
/// as a single event does. Otherwise two batches that lock event by event could wait for each other.
pub async fn take_turns<'a>(
    tx: &mut Tx,
    checkouts: impl IntoIterator<Item = (CheckoutId, OrderId)>,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> Result<(), Error> {
    let now = tx.now();
    let checkouts: Vec<_> = checkouts.into_iter().collect();
    let mut wanted = store::reservations::lock_all(tx.conn(), &checkouts, now).await?;
    wanted.extend(skus.into_iter().cloned());
    store::stock::lock(tx.conn(), &wanted).await?;
    Ok(())
}

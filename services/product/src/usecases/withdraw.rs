//! Products whose rate of tax has ended.

use std::collections::BTreeSet;

use chassis::Tx;
use kernel::{Id, ProductId};
use uuid::Uuid;

use super::events_out;
use crate::domain::status::ListingStep;
use crate::error::Error;
use crate::store;

/// What the seller is told.
const REASON: &str =
    "its rate of GST is not valid any more: enter the one that is, and propose it again";

pub async fn out_of_rate(except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
    let now = tx.now();
    let ended = store::categories::list_out_of_rate(tx.conn(), now, except).await?;
    Ok(ended.iter().map(ProductId::as_uuid).collect())
}

/// Takes those of these products off the shelf that still bear a rate which has ended. Returns how many there were.
pub async fn withdraw(ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
    let now = tx.now();
    let mut withdrawn = 0;
    // In their order, as another replica would take them, so that no two wait for each other.
    for id in ids.iter().collect::<BTreeSet<_>>() {
        // Locked, so that it takes turns with its seller, who may have entered another rate.
        let product = store::products::lock(tx.conn(), Id::from_uuid(*id)).await?;
        let Some(mut product) = product else { continue };
        let rate = product.content.gst_rate_bp;
        if store::categories::is_rate_valid(tx.conn(), rate, now).await? {
            continue;
        }
        if let ListingStep::Moved(_) = product.withdraw(REASON, now) {
            store::products::update(tx.conn(), &product).await?;
            events_out::product(tx, &product).await?;
            withdrawn += 1;
            tracing::info!(product.id = %id, rate, "product {id} leaves the shelf: its rate of tax has ended");
        }
    }
    Ok(withdrawn)
}

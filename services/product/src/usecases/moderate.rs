//! Moderation has decided about a product.

use chassis::Tx;
use contracts::admin::{Decision, ProductModerated};

use super::events_out;
use crate::domain::status::{ListingStep, Verdict};
use crate::error::Error;
use crate::store;

pub async fn moderate(tx: &mut Tx, decided: ProductModerated) -> Result<(), Error> {
    let ProductModerated { product_id, reason, decided_at, .. } = decided;
    let verdict = match decided.decision {
        Decision::Approve => Verdict::Approve,
        Decision::Reject => Verdict::Reject { reason },
        Decision::Suspend => Verdict::Suspend { reason },
        Decision::Unknown => {
            tracing::warn!(product.id = %product_id, "an unknown decision about product {product_id}");
            return Ok(());
        }
    };
    // Locked, so that it takes turns with the edits of the seller.
    let found = store::products::lock(tx.conn(), product_id).await?;
    let mut product = found.ok_or(Error::NotFound)?;

    match product.moderate(verdict, decided_at, tx.now()) {
        ListingStep::Same => {}
        ListingStep::Moved(status) => {
            store::products::update(tx.conn(), &product).await?;
            events_out::product(tx, &product).await?;
            tracing::info!(product.id = %product_id, "product {product_id} is {status:?} now");
        }
    }
    Ok(())
}

//! Moderation has decided about a product.

use chassis::Tx;
use contracts::admin::{Decision, ProductModerated};

use super::events_out;
use crate::domain::product::Product;
use crate::domain::status::{ListingStatus, ListingStep, Verdict};
use crate::error::Error;
use crate::store;

pub async fn moderate(tx: &mut Tx, decided: ProductModerated) -> Result<(), Error> {
    let ProductModerated { product_id, decision, reason, decided_at, .. } = decided;
    let Some(verdict) = verdict(decision, reason) else {
        tracing::warn!(product.id = %product_id, "an unknown decision about product {product_id}");
        return Ok(());
    };
    // Locked, so that it takes turns with the edits of the seller.
    let found = store::products::lock(tx.conn(), product_id).await?;
    let mut product = found.ok_or(Error::NotFound)?;

    match product.moderate(verdict, decided_at, tx.now()) {
        ListingStep::Same => {}
        ListingStep::Moved(status) => {
            store::products::update(tx.conn(), &product).await?;
            events_out::product(tx, &product).await?;
            events_out::turned_down(tx, &product);
            if status == ListingStatus::Published {
                examine_soon(tx, &product).await?;
            }
            tracing::info!(product.id = %product_id, "product {product_id} is {status:?} now");
        }
    }
    Ok(())
}

/// A rule may have come while it was waiting.
async fn examine_soon(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    let (now, hsn, rate) = (tx.now(), &product.content.hsn, product.content.gst_rate_bp);
    if !store::hsn_rates::is_allowed(tx.conn(), hsn, rate, now).await? {
        store::examinations::schedule_code(tx.conn(), hsn, now).await?;
    }
    Ok(())
}

fn verdict(decision: Decision, reason: String) -> Option<Verdict> {
    match decision {
        Decision::Approve => Some(Verdict::Approve),
        Decision::Reject => Some(Verdict::Reject { reason }),
        Decision::Suspend => Some(Verdict::Suspend { reason }),
        Decision::Unknown => None,
    }
}

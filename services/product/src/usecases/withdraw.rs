//! Products that cannot be sold as they are any more, because of their tax.

use std::collections::BTreeSet;

use chassis::Tx;
use kernel::{Id, ProductId};
use uuid::Uuid;

use super::events_out;
use crate::domain::product::Product;
use crate::domain::status::ListingStep;
use crate::error::Error;
use crate::store;

// What the seller is told.
const RATE_OVER: &str =
    "its rate of GST is not valid any more: enter the one that is, and propose it again";
const RATE_OF_OTHERS: &str = "its rate of GST is not one that goods of its HSN code bear: enter the right one, and propose it again";
const NOT_SOLD: &str =
    "goods of its HSN code bear a tax that is not reckoned here, and are not sold";

pub async fn out_of_rate(except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
    let now = tx.now();
    let ended = store::categories::list_out_of_rate(tx.conn(), now, except).await?;
    Ok(ended.iter().map(ProductId::as_uuid).collect())
}

/// Why a product cannot be sold as it is any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It bears a rate that is not valid, or not one of its HSN code.
    Rate,
    /// Goods of its HSN code are not sold.
    Code,
}

/// Takes those of these products off the shelf that still bear a rate which has ended. Returns how many there were.
pub async fn withdraw(ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
    Ok(take_off(ids, tx).await?.len())
}

/// Takes those of these products off the shelf that cannot be sold as they are, and returns them.
pub async fn take_off(ids: &[Uuid], tx: &mut Tx) -> Result<Vec<(Product, Why)>, Error> {
    let now = tx.now();
    let mut gone = Vec::new();
    // In their order, as another replica would take them, so that no two wait for each other.
    for id in ids.iter().collect::<BTreeSet<_>>() {
        // Locked, so that it takes turns with its seller, who may have entered another rate.
        let product = store::products::lock(tx.conn(), Id::from_uuid(*id)).await?;
        let Some(mut product) = product else { continue };
        let Some((why, reason)) = objection(tx, &product).await? else { continue };
        if let ListingStep::Moved(_) = product.withdraw(reason, now) {
            store::products::update(tx.conn(), &product).await?;
            events_out::product(tx, &product).await?;
            tracing::info!(product.id = %id, "product {id} leaves the shelf: {reason}");
            gone.push((product, why));
        }
    }
    Ok(gone)
}

async fn objection(tx: &mut Tx, product: &Product) -> Result<Option<(Why, &'static str)>, Error> {
    let (now, hsn, rate) = (tx.now(), &product.content.hsn, product.content.gst_rate_bp);
    if !store::categories::is_rate_valid(tx.conn(), rate, now).await? {
        return Ok(Some((Why::Rate, RATE_OVER)));
    }
    if store::hsn_rates::is_allowed(tx.conn(), hsn, rate, now).await? {
        return Ok(None);
    }
    if store::hsn_rates::is_sold(tx.conn(), hsn, now).await? {
        return Ok(Some((Why::Rate, RATE_OF_OTHERS)));
    }
    Ok(Some((Why::Code, NOT_SOLD)))
}

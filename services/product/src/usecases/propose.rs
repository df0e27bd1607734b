//! A seller asks for moderation.

use chassis::Tx;
use chassis::etag::IfMatch;
use kernel::{ProductId, VendorId};

use super::{events_out, lock_own};
use crate::domain::product::{Flaw, Product};
use crate::error::Error;
use crate::store;

/// Puts a draft or a rejected product before moderation. The seller must be approved by then, and the rate of tax
/// valid, also for its HSN code.
#[tracing::instrument(name = "product.propose", skip_all, fields(product.id = %product_id))]
pub async fn propose(
    tx: &mut Tx,
    vendor_id: VendorId,
    product_id: ProductId,
) -> Result<Product, Error> {
    let mut product = lock_own(tx.conn(), vendor_id, product_id, IfMatch(None)).await?;
    check(tx, &product).await?;
    product.propose(tx.now())?;

    store::products::update(tx.conn(), &product).await?;
    events_out::product(tx, &product).await?;
    tx.after_commit(move || {
        tracing::info!(product.id = %product_id, "product {product_id} is proposed");
    });
    Ok(product)
}

async fn check(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    if !store::projections::is_active(tx.conn(), product.vendor_id).await? {
        return Err(Error::SellerNotApproved);
    }
    let now = tx.now();
    if !store::categories::is_rate_valid(tx.conn(), product.content.gst_rate_bp, now).await? {
        return Err(Error::Flawed(vec![Flaw::at("/gst_rate_bp", super::RATE_OVER)]));
    }
    match super::hsn_flaw(tx, &product.content).await? {
        Some(flaw) => Err(Error::Flawed(vec![flaw])),
        None => Ok(()),
    }
}

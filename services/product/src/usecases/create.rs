//! A seller writes a product down.

use std::collections::BTreeSet;

use chassis::Tx;
use kernel::{Sku, VendorId};

use super::{check_place, events_out};
use crate::domain::product::{Content, Flaw, Product, Variant};
use crate::domain::shelf::Crossed;
use crate::domain::stock::Level;
use crate::error::Error;
use crate::store;

#[tracing::instrument(name = "product.create", skip_all, fields(vendor.id = %vendor_id))]
pub async fn create(
    tx: &mut Tx,
    vendor_id: VendorId,
    content: Content,
    variants: Vec<Variant>,
) -> Result<Product, Error> {
    let product = Product::draft(vendor_id, content, variants, tx.now()).map_err(Error::Flawed)?;
    insert(tx, &product).await?;
    events_out::product(tx, &product).await?;
    let id = product.id;
    tx.after_commit(move || tracing::info!(product.id = %id, "product {id} is a draft"));
    Ok(product)
}

async fn insert(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    check_place(tx, &product.content, None).await?;
    store::products::insert(tx.conn(), product).await?;
    let ours = store::variants::insert(tx.conn(), product).await?;
    let taken = taken(product, &ours);
    if !taken.is_empty() {
        return Err(Error::SkuTaken(taken));
    }
    let skus: Vec<String> = ours.iter().map(|sku| sku.as_str().to_owned()).collect();
    store::stock::insert(tx.conn(), &skus).await?;
    // Said once, so that everybody knows of the SKU before there is any of it.
    for sku in ours {
        let (product_id, vendor_id) = (product.id, product.vendor_id);
        events_out::level(tx, Crossed { sku, product_id, vendor_id, level: Level::Out });
    }
    Ok(())
}

/// The variants whose SKUs are others'.
fn taken(product: &Product, ours: &BTreeSet<Sku>) -> Vec<Flaw> {
    let variants = product.variants.iter().enumerate();
    variants
        .filter(|(_, variant)| !ours.contains(&variant.sku))
        .map(|(i, _)| Flaw::at(format!("/variants/{i}/sku"), "is taken"))
        .collect()
}

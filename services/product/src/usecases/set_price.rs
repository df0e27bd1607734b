//! A seller changes a price.

use kernel::{Sku, VendorId};

use chassis::etag::IfMatch;

use super::{events_out, lock_own};
use crate::App;
use crate::domain::price::Price;
use crate::domain::product::{Product, Repriced};
use crate::error::Error;
use crate::store;

#[tracing::instrument(name = "product.set_price", skip_all, fields(product.sku = %sku))]
pub async fn set_price(
    app: &App,
    vendor_id: VendorId,
    sku: &Sku,
    price: Price,
    seen: IfMatch,
) -> Result<Product, Error> {
    let mut tx = app.db.begin().await?;
    let (_, product_id) = store::variants::find(tx.conn(), sku).await?.ok_or(Error::NotFound)?;
    // The product is locked, not the variant: its version counts prices, too.
    let mut product = lock_own(tx.conn(), vendor_id, product_id, seen).await?;

    let now = tx.now();
    match product.reprice(sku, price, now) {
        Repriced::NoSuchVariant => return Err(Error::NotFound),
        Repriced::Same => {}
        Repriced::Changed => {
            store::variants::set_price(tx.conn(), sku, price, now).await?;
            store::products::update(tx.conn(), &product).await?;
            events_out::product(&mut tx, &product).await?;
            tx.commit().await?;
        }
    }
    Ok(product)
}

//! Keeping copies of what the others say. Nothing is said in turn.

use chassis::{Meta, Tx};
use contracts::product::{ProductStatus, ProductUpserted};
use contracts::user::ContactUpdated;
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::text::Text;
use kernel::{ProductId, UserId};

use crate::domain::placing::Goods;
use crate::domain::split::Seller;
use crate::domain::trouble::{Shelf, Standing};
use crate::error::Error;
use crate::store::projections::{self, Product};

/// Keeps a product.
pub async fn remember_product(
    tx: &mut Tx,
    said: ProductUpserted,
    meta: &Meta,
) -> Result<(), Error> {
    let standing = match said.status {
        ProductStatus::Draft | ProductStatus::Proposed | ProductStatus::Unknown => Standing::Coming,
        ProductStatus::Published => Standing::On,
        ProductStatus::Rejected | ProductStatus::Unlisted => Standing::Off,
    };
    let product = Product {
        goods: Goods { title: said.title, hsn: said.hsn, gst_rate_bp: said.gst_rate_bp },
        shelf: Shelf {
            vendor_id: said.vendor_id,
            standing,
            skus: said.variants.iter().map(|variant| variant.sku.to_string()).collect(),
        },
    };
    projections::put_product(tx.conn(), said.product_id, &product, meta.version).await?;
    Ok(())
}

/// A product is gone for good.
pub async fn drop_product(tx: &mut Tx, meta: &Meta) -> Result<(), Error> {
    let product_id: ProductId = meta.key.parse().map_err(|_| Error::NotFound)?;
    projections::drop_product(tx.conn(), product_id, meta.version).await?;
    Ok(())
}

/// Keeps a seller's terms.
pub async fn remember_vendor(tx: &mut Tx, said: VendorChanged, meta: &Meta) -> Result<(), Error> {
    let standing = match said.status {
        VendorStatus::Draft | VendorStatus::Submitted | VendorStatus::Unknown => Standing::Coming,
        VendorStatus::Approved => Standing::On,
        VendorStatus::Rejected | VendorStatus::Suspended => Standing::Off,
    };
    let seller = Seller {
        vendor_id: said.vendor_id,
        name: said.display_name,
        state: said.address.state,
        has_gstin: said.gstin.is_some(),
        has_pan: said.has_pan,
        commission_bp: said.commission_bp,
    };
    let gstin = said.gstin.as_ref().map(Text::as_str);
    projections::put_vendor(tx.conn(), &seller, gstin, standing, meta.version).await?;
    Ok(())
}

/// Keeps every edition of every address.
pub async fn remember_contact(tx: &mut Tx, said: ContactUpdated, meta: &Meta) -> Result<(), Error> {
    if projections::advance_contact(tx.conn(), said.user_id, meta.version).await? {
        for address in &said.addresses {
            projections::put_address(tx.conn(), said.user_id, address).await?;
        }
    }
    Ok(())
}

/// A person asked to be forgotten.
pub async fn forget_contact(tx: &mut Tx, meta: &Meta) -> Result<(), Error> {
    let user_id: UserId = meta.key.parse().map_err(|_| Error::NotFound)?;
    if projections::advance_contact(tx.conn(), user_id, meta.version).await? {
        projections::forget_addresses(tx.conn(), user_id).await?;
    }
    Ok(())
}

//! Keeping copies of what the others say. Nothing is said in turn.

use chassis::{Meta, Tx};
use contracts::product::{ProductStatus, ProductUpserted, Variant};
use contracts::user::ContactUpdated;
use contracts::vendor::{TaxScheme, VendorChanged, VendorStatus};
use kernel::text::Text;
use kernel::{ProductId, UserId};

use crate::domain::placing::Goods;
use crate::domain::scheme::Scheme;
use crate::domain::split::Seller;
use crate::domain::trouble::{SaleStatus, Shelf};
use crate::error::Error;
use crate::store::projections::{self, Product};
use crate::store::suspensions;

pub async fn remember_product(
    tx: &mut Tx,
    event: ProductUpserted,
    meta: &Meta,
) -> Result<(), Error> {
    let standing = match event.status {
        ProductStatus::Draft | ProductStatus::Proposed | ProductStatus::Unknown => {
            SaleStatus::Coming
        }
        ProductStatus::Published => SaleStatus::On,
        ProductStatus::Rejected | ProductStatus::Unlisted => SaleStatus::Off,
    };
    let product = Product {
        goods: Goods { title: event.title, hsn: event.hsn, gst_rate_bp: event.gst_rate_bp },
        shelf: Shelf {
            vendor_id: event.vendor_id,
            standing,
            skus: event.variants.iter().map(|variant| variant.sku.to_string()).collect(),
        },
        options: options(&event.variants),
    };
    projections::put_product(tx.conn(), event.product_id, &product, meta.version).await?;
    Ok(())
}

/// What makes each of several variants different: `colour: red, size: M`.
fn options(variants: &[Variant]) -> Vec<String> {
    if variants.len() < 2 {
        return Vec::new();
    }
    let words = |variant: &Variant| {
        let words = variant.options.iter().map(|(name, value)| format!("{name}: {value}"));
        words.collect::<Vec<_>>().join(", ")
    };
    variants.iter().map(words).collect()
}

/// A product is gone for good.
pub async fn drop_product(tx: &mut Tx, meta: &Meta) -> Result<(), Error> {
    let product_id: ProductId = meta.key.parse().map_err(|_| Error::NotFound)?;
    projections::drop_product(tx.conn(), product_id, meta.version).await?;
    Ok(())
}

pub async fn remember_vendor(tx: &mut Tx, event: VendorChanged, meta: &Meta) -> Result<(), Error> {
    let standing = match event.status {
        VendorStatus::Draft | VendorStatus::Submitted | VendorStatus::Unknown => SaleStatus::Coming,
        VendorStatus::Approved => SaleStatus::On,
        VendorStatus::Rejected | VendorStatus::Suspended => SaleStatus::Off,
    };
    // The GSTIN decides who is registered; all that the scheme adds is who is so under composition.
    let scheme = match (&event.gstin, event.scheme) {
        (Some(_), Some(TaxScheme::Composition)) => Scheme::Composition,
        (gstin, _) => Scheme::unasked(gstin.is_some()),
    };
    let seller = Seller {
        vendor_id: event.vendor_id,
        name: event.display_name,
        state: event.address.state,
        scheme,
        has_pan: event.has_pan,
        commission_bp: event.commission_bp,
    };
    let gstin = event.gstin.as_ref().map(Text::as_str);
    if !projections::put_vendor(tx.conn(), &seller, gstin, standing, meta.version).await? {
        return Ok(());
    }
    let now = tx.now();
    if event.status == VendorStatus::Suspended {
        return Ok(suspensions::begin(tx.conn(), event.vendor_id, now).await?);
    }
    Ok(suspensions::end(tx.conn(), event.vendor_id).await?)
}

/// Keeps every edition of every address.
pub async fn remember_contact(
    tx: &mut Tx,
    event: ContactUpdated,
    meta: &Meta,
) -> Result<(), Error> {
    // First: an older book must not bring back addresses that were forgotten since.
    if projections::advance_contact(tx.conn(), event.user_id, meta.version).await? {
        for address in &event.addresses {
            projections::put_address(tx.conn(), event.user_id, address).await?;
        }
    }
    Ok(())
}

/// A person asked to be forgotten.
pub async fn forget_contact(tx: &mut Tx, meta: &Meta) -> Result<(), Error> {
    let user_id: UserId = meta.key.parse().map_err(|_| Error::NotFound)?;
    if projections::advance_contact(tx.conn(), user_id, meta.version).await? {
        projections::forget_addresses(tx.conn(), user_id).await?;
        // What they were answered shows where they live.
        tx.forget_answers_to(&user_id.to_string()).await?;
    }
    Ok(())
}

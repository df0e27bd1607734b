//! The verbs.

pub mod cancel;
pub mod confirm;
pub mod create;
pub mod credit;
pub mod edit;
mod events_out;
pub mod examine;
pub mod expire;
pub mod moderate;
pub mod move_stock;
pub mod project;
pub mod propose;
pub mod rates;
pub mod reserve;
pub mod set_price;
mod settle;
pub mod ship;
pub mod take_turns;
pub mod withdraw;

use chassis::Tx;
use chassis::etag::IfMatch;
use kernel::{ProductId, VendorId};
use sqlx::PgConnection;

use crate::domain::product::{Content, Flaw, Product};
use crate::error::Error;
use crate::store;

const RATE_OVER: &str = "is not a rate of GST that is valid today";
const NOT_SOLD: &str =
    "goods of this HSN code bear a tax that is not reckoned here, and are not sold";
const RATE_OF_OTHERS: &str = "is not a rate that goods of this HSN code bear today";

/// A product of this seller, locked. An edit of another version than the client saw is refused.
async fn lock_own(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    product_id: ProductId,
    seen: IfMatch,
) -> Result<Product, Error> {
    // Locked, so that of two edits of the same version the second is refused.
    let found = store::products::lock(conn, product_id).await?;
    let product = found.filter(|p| p.vendor_id == vendor_id).ok_or(Error::NotFound)?;
    seen.check(product.version)?;
    Ok(product)
}

/// The category must be a shelf and the tax rate valid today, where they are other than `before`.
async fn check_place(
    tx: &mut Tx,
    content: &Content,
    before: Option<&Content>,
) -> Result<(), Error> {
    let mut flaws = Vec::new();
    let same_shelf = before.is_some_and(|b| b.category == content.category);
    if !same_shelf && !store::categories::is_leaf(tx.conn(), &content.category).await? {
        flaws.push(Flaw::at("/category", "is not a category that products stand in"));
    }
    let (now, rate) = (tx.now(), content.gst_rate_bp);
    let same_rate = before.is_some_and(|b| b.gst_rate_bp == rate);
    if !same_rate && !store::categories::is_rate_valid(tx.conn(), rate, now).await? {
        flaws.push(Flaw::at("/gst_rate_bp", RATE_OVER));
    }
    let same_code = before.is_some_and(|b| b.hsn == content.hsn);
    if !(same_rate && same_code) {
        flaws.extend(hsn_flaw(tx, content).await?);
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Flawed(flaws)) }
}

/// What is wrong with the rate by the HSN code, on the day in India.
async fn hsn_flaw(tx: &mut Tx, content: &Content) -> Result<Option<Flaw>, Error> {
    let (now, hsn, rate) = (tx.now(), &content.hsn, content.gst_rate_bp);
    if store::hsn_rates::is_allowed(tx.conn(), hsn, rate, now).await? {
        return Ok(None);
    }
    if store::hsn_rates::is_sold(tx.conn(), hsn, now).await? {
        return Ok(Some(Flaw::at("/gst_rate_bp", RATE_OF_OTHERS)));
    }
    Ok(Some(Flaw::at("/hsn", NOT_SOLD)))
}

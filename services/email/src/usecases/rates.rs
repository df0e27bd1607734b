//! Sellers are told before a rate of GST that their products bear ends, and what may not be sold any more.

use chassis::Tx;
use contracts::product::{ProductsBarred, RateEnding};

use super::queue::{message, queue_new};
use crate::domain::barred::Barred;
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::rate_ending::Ending;
use crate::error::Error;
use crate::store::vendors;

/// A rate ends within a week. What is older is over, or as good as over.
pub async fn mail_rate_ending(tx: &mut Tx, event: &RateEnding) -> Result<(), Error> {
    let RateEnding { vendor_id, rate_bp, last_day, .. } = event;
    let reference = format!("{vendor_id}/{rate_bp}/{last_day}");
    let seller = vendors::find(tx.conn(), *vendor_id).await?;
    let untaxed = seller.is_some_and(|seller| !seller.charges_tax);
    let letter = Letter::RateEnding(Ending { untaxed, ..Ending::of(event) });
    let message = message(tx, reference, Addressee::OwnerOf(*vendor_id), letter);
    queue_new(tx, event.at, message).await
}

/// Products left the shelf that are not sold here.
pub async fn mail_barred(tx: &mut Tx, event: &ProductsBarred) -> Result<(), Error> {
    let (vendor_id, at) = (event.vendor_id, event.at);
    let letter = Letter::ProductsBarred(Barred::of(event));
    let message = message(tx, format!("{vendor_id}@{at}"), Addressee::OwnerOf(vendor_id), letter);
    queue_new(tx, at, message).await
}

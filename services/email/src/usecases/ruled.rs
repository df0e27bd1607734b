//! Staff said no: the seller hears it, and why. What they let in, its seller sees on the shelf.

use chassis::Tx;
use contracts::payment::VendorBalanceWrittenOff;
use contracts::product::{ProductStatus, ProductTurnedDown};
use contracts::vendor::{VendorRejected, VendorSuspended};

use super::queue::{message, queue_new};
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::ruled::{Matter, Ruled};
use crate::error::Error;

/// An application was turned down.
pub async fn mail_seller_rejected(tx: &mut Tx, event: &VendorRejected) -> Result<(), Error> {
    let VendorRejected { vendor_id, owner, reason, corrections, rejected_at: at } = event;
    let letter = Letter::Ruled(Ruled::of(Matter::Application, reason).asking(corrections));
    let message = message(tx, format!("{vendor_id}@{at}"), Addressee::User(*owner), letter);
    queue_new(tx, *at, message).await
}

/// A seller may not sell for now.
pub async fn mail_seller_suspended(tx: &mut Tx, event: &VendorSuspended) -> Result<(), Error> {
    let VendorSuspended { vendor_id, owner, reason, suspended_at: at } = event;
    let letter = Letter::Ruled(Ruled::of(Matter::Seller, reason));
    let message = message(tx, format!("{vendor_id}@{at}"), Addressee::User(*owner), letter);
    queue_new(tx, *at, message).await
}

/// A product was turned down, or taken off the shelf.
pub async fn mail_turned_down(tx: &mut Tx, event: &ProductTurnedDown) -> Result<(), Error> {
    let ProductTurnedDown { product_id, vendor_id, title, status, reason, at } = event;
    let matter = match status {
        ProductStatus::Rejected => Matter::proposed(title),
        ProductStatus::Unlisted => Matter::shelved(title),
        ProductStatus::Draft
        | ProductStatus::Proposed
        | ProductStatus::Published
        | ProductStatus::Unknown => return Ok(()),
    };
    let (to, letter) = (Addressee::OwnerOf(*vendor_id), Letter::Ruled(Ruled::of(matter, reason)));
    let message = message(tx, format!("{product_id}@{at}"), to, letter);
    queue_new(tx, *at, message).await
}

/// What a seller owed us is lost, and it owes it no more.
pub async fn mail_written_off(tx: &mut Tx, event: &VendorBalanceWrittenOff) -> Result<(), Error> {
    let VendorBalanceWrittenOff { write_off_id, vendor_id, amount, at } = *event;
    let (to, letter) = (Addressee::OwnerOf(vendor_id), Letter::BalanceWrittenOff { amount });
    let message = message(tx, write_off_id.to_string(), to, letter);
    queue_new(tx, at, message).await
}

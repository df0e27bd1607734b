//! Facts that one mail follows from.

use chassis::Tx;
use contracts::order::{OrderCancelled, SellerOrderArrived, SellerOrderShipped};
use contracts::user::{SendOtp, SessionEnd, SessionRevoked};
use contracts::vendor::VendorApproved;

use super::queue::{OLD, message, queue};
use crate::domain::delivered::Delivered;
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::shipped::Shipped;
use crate::domain::text::one_line;
use crate::error::Error;
use crate::store::confirmations;

/// The longest name of a seller or carrier shown.
const LONGEST: usize = 120;

pub async fn mail_code(tx: &mut Tx, event: &SendOtp) -> Result<(), Error> {
    let (sealed, expires_at) = (event.sealed.clone(), event.expires_at);
    let to = Addressee::Sealed { sealed, expires_at };
    let message = message(tx, event.challenge_id.to_string(), to, Letter::SignInCode);
    queue(tx, vec![message]).await
}

/// Somebody is told that a session of theirs was ended, where it was not their own doing or staff's.
pub async fn mail_session_ended(tx: &mut Tx, event: &SessionRevoked) -> Result<(), Error> {
    if event.why != Some(SessionEnd::TokenReused) {
        return Ok(());
    }
    let to = Addressee::User(event.user_id);
    let message = message(tx, event.session_id.to_string(), to, Letter::SessionEnded);
    queue(tx, vec![message]).await
}

pub async fn mail_shipped(tx: &mut Tx, event: &SellerOrderShipped) -> Result<(), Error> {
    let of = &event.seller_order;
    let receipt = confirmations::find(tx.conn(), of.order_id).await?;
    let letter = Letter::Shipped(Shipped::of(event, receipt.as_ref()));
    let to = Addressee::User(of.buyer);
    // One mail for each parcel.
    let parcel = event.parcel_id.map(|id| id.to_string());
    let reference = parcel.unwrap_or_else(|| of.seller_order_id.to_string());
    let message = message(tx, reference, to, letter).about(of.order_id);
    queue(tx, vec![message]).await
}

/// The buyer has all that one seller supplies.
pub async fn mail_delivered(tx: &mut Tx, event: &SellerOrderArrived) -> Result<(), Error> {
    let (of, now) = (&event.seller_order, tx.now());
    if now.duration_since(of.at) > OLD {
        return Ok(());
    }
    let receipt = confirmations::find(tx.conn(), of.order_id).await?;
    let letter = Letter::Delivered(Delivered::of(event, receipt.as_ref(), now));
    let (reference, to) = (of.seller_order_id.to_string(), Addressee::User(of.buyer));
    let message = message(tx, reference, to, letter).about(of.order_id);
    queue(tx, vec![message]).await
}

pub async fn mail_cancelled(tx: &mut Tx, event: &OrderCancelled) -> Result<(), Error> {
    let number = one_line(&event.number, LONGEST);
    let letter = Letter::OrderCancelled { number, why: event.reason.into() };
    let to = Addressee::User(event.buyer);
    let message = message(tx, event.order_id.to_string(), to, letter).about(event.order_id);
    queue(tx, vec![message]).await
}

pub async fn mail_approved(tx: &mut Tx, event: &VendorApproved) -> Result<(), Error> {
    let shop = one_line(&event.display_name, LONGEST);
    let letter = Letter::SellerApproved { shop, again: event.again };
    // A seller may be suspended and approved again: that is another mail.
    let reference = format!("{}@{}", event.vendor_id, event.approved_at);
    let message = message(tx, reference, Addressee::User(event.owner), letter);
    queue(tx, vec![message]).await
}

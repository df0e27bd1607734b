//! A buyer's bank asks money back: buyer and sellers are told, and the sellers what comes of it.

use chassis::Tx;
use contracts::payment::{DisputeChanged, DisputeState};
use kernel::VendorId;

use super::queue::{OLD, message, queue};
use crate::domain::disputed::{Disputed, Verdict};
use crate::domain::letter::Letter;
use crate::domain::message::{Addressee, Message};
use crate::error::Error;
use crate::store::disputes;

/// A dispute began, or is decided.
pub async fn mail_dispute(tx: &mut Tx, event: &DisputeChanged) -> Result<(), Error> {
    remember(tx, event).await?;
    // What was said before it was told whose order it is concerns nobody any more.
    let Some(number) = event.order_number.as_deref() else { return Ok(()) };
    if tx.now().duration_since(event.payment.at) > OLD {
        return Ok(());
    }
    let disputed = Disputed::of(event, number);
    let mails = if event.state == DisputeState::Open {
        opened(tx, event, &disputed)
    } else {
        decided(tx, event, disputed)
    };
    queue(tx, mails).await
}

/// What is taken back while a bank asks for the same money is told otherwise.
async fn remember(tx: &mut Tx, event: &DisputeChanged) -> Result<(), Error> {
    // No seller has a part in what did not pay the order.
    let pays = !event.vendors.is_empty();
    match event.state {
        DisputeState::Open | DisputeState::Lost if pays => {
            disputes::insert(tx.conn(), event.dispute_id, event.payment.order_id).await?;
        }
        DisputeState::Won => disputes::delete(tx.conn(), event.dispute_id).await?,
        DisputeState::Open | DisputeState::Lost | DisputeState::Unknown => {}
    }
    Ok(())
}

fn opened(tx: &Tx, event: &DisputeChanged, disputed: &Disputed) -> Vec<Message> {
    let order = event.payment.order_id;
    let buyer = event.buyer.map(|buyer| {
        let letter = Letter::DisputeOpenedBuyer(disputed.clone());
        message(tx, event.dispute_id.to_string(), Addressee::User(buyer), letter).about(order)
    });
    let sellers = event.vendors.iter().map(|&vendor| {
        to_seller(tx, event, vendor, "opened", Letter::DisputeOpenedSeller(disputed.clone()))
    });
    buyer.into_iter().chain(sellers).collect()
}

fn decided(tx: &Tx, event: &DisputeChanged, disputed: Disputed) -> Vec<Message> {
    let Some(verdict) = Verdict::of(event) else { return Vec::new() };
    let Disputed { number, amount, .. } = disputed;
    let letter = Letter::DisputeDecidedSeller { number, amount, verdict };
    let sellers = event.vendors.iter();
    sellers.map(|&it| to_seller(tx, event, it, verdict.into_str(), letter.clone())).collect()
}

/// Once to each seller, and once for each step.
fn to_seller(
    tx: &Tx,
    event: &DisputeChanged,
    vendor: VendorId,
    step: &str,
    letter: Letter,
) -> Message {
    let reference = format!("{}/{vendor}@{step}", event.dispute_id);
    message(tx, reference, Addressee::OwnerOf(vendor), letter).about(event.payment.order_id)
}

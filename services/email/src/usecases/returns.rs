//! What a buyer sends back: whoever has to do something next is told, and until when.

use chassis::Tx;
use contracts::order::{ReturnChanged, ReturnState};

use super::queue::{OLD, message, queue};
use crate::domain::letter::{Kind, Letter};
use crate::domain::message::Addressee;
use crate::domain::sent_back::SentBack;
use crate::error::Error;
use crate::store::messages;

/// A return began, or came to stand elsewhere.
pub async fn mail_return(tx: &mut Tx, event: &ReturnChanged) -> Result<(), Error> {
    let of = &event.seller_order;
    if tx.now().duration_since(of.at) > OLD {
        return Ok(());
    }
    let (buyer, owner) = (Addressee::User(of.buyer), Addressee::OwnerOf(of.vendor_id));
    let sent = sent_back(tx, event).await?;
    let (to, letter) = match event.state {
        ReturnState::Requested => (owner, Letter::ReturnRequested(sent)),
        ReturnState::SentBack => (owner, Letter::ReturnSentBack(sent)),
        ReturnState::Approved => (buyer, Letter::ReturnApproved(sent)),
        // A refusal that nobody contested stays: the buyer was told of it, and until when.
        ReturnState::Refused if event.until.is_none() && event.remark.is_none() => return Ok(()),
        ReturnState::Refused => (buyer, Letter::ReturnRefused(sent)),
        ReturnState::Expired => (buyer, Letter::ReturnExpired(sent)),
        ReturnState::Settled => (buyer, Letter::ReturnSettled(sent)),
        // A credit has a mail of its own; the others are known to whoever took the step.
        ReturnState::Credited
        | ReturnState::Withdrawn
        | ReturnState::Contested
        | ReturnState::Unknown => return Ok(()),
    };
    // The seller refuses, and after that staff may, for good: these are two mails.
    let for_good = event.state == ReturnState::Refused && event.until.is_none();
    let id = event.return_id;
    let reference = if for_good { format!("{id}@for-good") } else { id.to_string() };
    let message = message(tx, reference, to, letter).about(of.order_id);
    queue(tx, vec![message]).await
}

/// What is sent back. A return that its seller refused is approved by nobody but staff, or because they did not decide in time.
async fn sent_back(tx: &mut Tx, event: &ReturnChanged) -> Result<SentBack, Error> {
    let id = event.return_id.to_string();
    let overruled = event.state == ReturnState::Approved
        && messages::exists(tx.conn(), Kind::ReturnRefused, &id).await?;
    Ok(SentBack { overruled, ..SentBack::of(event) })
}

//! What is taken back is told to its buyer once, with its credit note where that comes soon. Either may come first.

use chassis::{Job, JobHandler, Tx};
use contracts::invoice::CreditNoteIssued;
use contracts::order::{CreditCause, SellerOrderCredited};
use jiff::SignedDuration;
use kernel::CreditId;
use serde::{Deserialize, Serialize};

use super::queue::{OLD, message, queue};
use super::sellers::mail_seller_taken_back;
use crate::App;
use crate::domain::back::Back;
use crate::domain::credit::{Credit, Heard, Note};
use crate::domain::message::Addressee;
use crate::domain::receipt::Receipt;
use crate::error::Error;
use crate::store::{confirmations, credits, disputes};

/// So long a buyer waits for a credit note, which is printed within seconds where nothing is wrong.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// It is told what is taken back, with its credit note or without.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellTakenBack {
    pub credit_id: CreditId,
}

impl Job for TellTakenBack {
    const KIND: &'static str = "tell_taken_back";
}

impl JobHandler<TellTakenBack> for App {
    type Output = ();

    async fn run(&self, _: &TellTakenBack) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: TellTakenBack, (): (), tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        let credit = credits::lock(tx.conn(), job.credit_id, now).await?;
        if credit.is_told {
            return Ok(());
        }
        tell(tx, credit).await
    }
}

/// Something of a seller order is taken back: its buyer is told and, where it is not the seller's doing, the seller.
pub async fn mail_taken_back(tx: &mut Tx, event: &SellerOrderCredited) -> Result<(), Error> {
    let (of, now) = (&event.seller_order, tx.now());
    let receipt = confirmations::find(tx.conn(), of.order_id).await?;
    mail_seller_taken_back(tx, event, receipt.as_ref()).await?;
    let mut credit = credits::lock(tx.conn(), event.credit_id, now).await?;
    if credit.heard.is_some() {
        return Ok(());
    }
    let back = back(tx, event, receipt.as_ref()).await?;
    let waits = back.is_some() && credit.note.is_none();
    credit.heard = Some(Heard::of(event, back));
    if !waits {
        return tell(tx, credit).await;
    }
    credits::update(tx.conn(), &credit).await?;
    let due = now.checked_add(PATIENCE).unwrap_or(now);
    Ok(tx.schedule(&TellTakenBack { credit_id: credit.id }, due).await?)
}

/// What the buyer is told of it.
async fn back(
    tx: &mut Tx,
    event: &SellerOrderCredited,
    receipt: Option<&Receipt>,
) -> Result<Option<Back>, Error> {
    let of = &event.seller_order;
    // The buyer asked the bank, and has the money.
    if event.cause == CreditCause::Disputed || tx.now().duration_since(of.at) > OLD {
        return Ok(None);
    }
    let back = Back::of(event, receipt);
    let is_disputed = disputes::any(tx.conn(), of.order_id).await?;
    Ok(Some(if is_disputed { back.with_bank() } else { back }))
}

/// A credit note is there.
pub async fn take_credit_note(tx: &mut Tx, event: &CreditNoteIssued) -> Result<(), Error> {
    let now = tx.now();
    if now.duration_since(event.credit_note.issued_at) > OLD {
        return Ok(());
    }
    let mut credit = credits::lock(tx.conn(), event.credit_id, now).await?;
    if credit.note.is_some() {
        return Ok(());
    }
    credit.note = Some(Note::of(event));
    tell(tx, credit).await
}

async fn tell(tx: &mut Tx, mut credit: Credit) -> Result<(), Error> {
    let told = credit.tell();
    credits::update(tx.conn(), &credit).await?;
    let Some((heard, (reference, letter))) = credit.heard.zip(told) else { return Ok(()) };
    let to = Addressee::User(heard.buyer);
    let message = message(tx, reference, to, letter).about(heard.order_id);
    queue(tx, vec![message]).await
}

//! Handing one mail to the mail server: everything secret or personal is looked up at this moment.

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

use chassis::Explain;
use contracts::user::OtpLetter;
use jiff::Timestamp;
use kernel::{EmailAddress, InvoiceId, MessageId, OrderId, UserId, VendorId};

use crate::App;
use crate::domain::letter::{Kind, Letter};
use crate::domain::link::Link;
use crate::domain::message::{Addressee, Message};
use crate::domain::receipt::Invoice;
use crate::error::Error;
use crate::mail::{Letterhead, Particulars, Reply};
use crate::store::messages::{self, Queued};
use crate::store::vendors;
use crate::store::vendors::Vendor;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// The mail server refused it for good, with this code.
    Bounced(u16),
    /// It came too late for the code in it.
    Expired,
    /// The recipient asked to be forgotten, or has an address that no mail can go to.
    Nobody,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub kind: Kind,
    /// To whom, if they have an account.
    pub recipient: Option<UserId>,
    /// Which order it is about, if it is about one.
    pub order_id: Option<OrderId>,
    /// The masked address of somebody who may have no account.
    pub masked: Option<String>,
    /// When it was handed over. Clocks may jump before what came of it is written down.
    pub at: Timestamp,
    pub outcome: Outcome,
}

/// Sends a mail that is still queued; nothing when it is not.
pub async fn deliver(app: &App, id: MessageId) -> Result<Option<Delivery>, Error> {
    let mut conn = app.db.read().await?;
    let queued = messages::find_queued(&mut conn, id).await?;
    // Given back: no connection waits for the mail server.
    drop(conn);
    let Some(queued) = queued else { return Ok(None) };

    let delivered = hand_over(app, &queued).await;
    if let Err(error) = &delivered {
        note(app, id, error).await?;
    }
    delivered.map(Some)
}

/// Staff see how often it was tried and why a mail is still queued.
async fn note(app: &App, id: MessageId, error: &Error) -> Result<(), Error> {
    let code = if let Error::MailServerAway(code) = error { *code } else { None };
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    messages::note(tx.conn(), id, error.explain().1, code, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn hand_over(app: &App, queued: &Queued) -> Result<Delivery, Error> {
    match &queued.message.to {
        Addressee::Sealed { sealed, expires_at } => {
            hand_over_code(app, &queued.message, sealed, *expires_at).await
        }
        Addressee::User(_) | Addressee::OwnerOf(_) => hand_over_to(app, queued).await,
    }
}

async fn hand_over_code(
    app: &App,
    message: &Message,
    sealed: &str,
    expires_at: Timestamp,
) -> Result<Delivery, Error> {
    let json = app.code_seal.open(sealed, &message.reference)?;
    let letter: OtpLetter = serde_json::from_slice(&json).map_err(|_| Error::Sealed)?;
    let filled =
        Particulars { code: Some((letter.code, letter.minutes)), ..Particulars::default() };
    let masked = Some(letter.to.masked().into_owned());
    let kind = Kind::SignInCode;
    let at = app.clock.now();
    let delivery =
        |outcome| Delivery { kind, recipient: None, order_id: None, masked, at, outcome };

    let left = Duration::try_from(expires_at.duration_since(at)).unwrap_or_default();
    if left.is_zero() {
        return Ok(delivery(Outcome::Expired));
    }
    // A mail server that dawdles beyond the expiry does not get the code either.
    let sending = post(app, message, &letter.to, None, &filled);
    let sent = tokio::time::timeout(left, sending).await;
    Ok(delivery(sent.unwrap_or(Err(Error::MailServerAway(None)))?))
}

async fn hand_over_to(app: &App, queued: &Queued) -> Result<Delivery, Error> {
    let (message, name) = (&queued.message, &queued.name);
    let recipient = queued.recipient.ok_or(Error::NotYet("the seller"))?;
    if !queued.heard_of {
        return Err(Error::NotYet("the recipient's address"));
    }
    let (kind, recipient, order_id) = (message.letter.kind(), Some(recipient), message.order_id);
    let at = app.clock.now();
    let delivery = |outcome| Delivery { kind, recipient, order_id, masked: None, at, outcome };
    let Some(email) = &queued.email else { return Ok(delivery(Outcome::Nobody)) };

    let filled = fill_in(app, &message.letter, name.clone()).await?;
    let outcome = post(app, message, email, name.as_deref(), &filled).await?;
    Ok(delivery(outcome))
}

async fn fill_in(app: &App, letter: &Letter, name: Option<String>) -> Result<Particulars, Error> {
    let mut filled = Particulars { name, ..Particulars::default() };
    match letter {
        Letter::OrderConfirmation(receipt) => {
            let invoices = receipt.sections.iter().filter_map(|section| section.invoice.as_ref());
            filled.links = open_links(app, invoices)?;
        }
        Letter::ItemsTakenBack(back) => filled.links = open_links(app, back.note.iter())?,
        Letter::CreditNote { note, .. } => filled.links = open_links(app, iter::once(note))?,
        Letter::Shipped(shipped) => {
            filled.shop = Some(find_vendor(app, shipped.vendor_id).await?.name);
        }
        Letter::Delivered(delivered) => {
            filled.shop = Some(find_vendor(app, delivered.vendor_id).await?.name);
        }
        Letter::SignInCode
        | Letter::SessionEnded
        | Letter::NewSellerOrder { .. }
        | Letter::SellerApproved { .. }
        | Letter::Ruled(_)
        | Letter::OrderCancelled { .. }
        | Letter::OrderRejected { .. }
        | Letter::MoneyUnclaimed { .. }
        | Letter::RefundDone { .. }
        | Letter::RefundDelayed(_)
        | Letter::SellerDueSoon(_)
        | Letter::SellerItemsTakenBack(_)
        | Letter::ReturnRequested(_)
        | Letter::ReturnSentBack(_)
        | Letter::ReturnApproved(_)
        | Letter::ReturnRefused(_)
        | Letter::ReturnExpired(_)
        | Letter::ReturnSettled(_)
        | Letter::PayoutPaid { .. }
        | Letter::PayoutFailed { .. }
        | Letter::PayoutAccountChanged { .. }
        | Letter::RateEnding(_)
        | Letter::RefundNeedsAccount(_)
        | Letter::DisputeOpenedSeller(_)
        | Letter::DisputeOpenedBuyer(_)
        | Letter::DisputeDecidedSeller { .. }
        | Letter::PayoutHeld { .. }
        | Letter::BalanceOverdue { .. }
        | Letter::BalanceWrittenOff { .. }
        | Letter::ProductsBarred(_) => {}
    }
    Ok(filled)
}

fn open_links<'a>(
    app: &App,
    papers: impl Iterator<Item = &'a Invoice>,
) -> Result<BTreeMap<InvoiceId, Link>, Error> {
    let open = |invoice: &Invoice| {
        let id = invoice.id;
        let text = app.link_seal.open(&invoice.sealed_link, &id.to_string())?;
        let link = std::str::from_utf8(&text).ok().and_then(Link::parse);
        Ok((id, link.ok_or(Error::Sealed)?))
    };
    papers.map(open).collect()
}

async fn find_vendor(app: &App, id: VendorId) -> Result<Vendor, Error> {
    let mut conn = app.db.read().await?;
    vendors::find(&mut conn, id).await?.ok_or(Error::NotYet("the seller"))
}

async fn post(
    app: &App,
    message: &Message,
    to: &EmailAddress,
    name: Option<&str>,
    filled: &Particulars,
) -> Result<Outcome, Error> {
    let written = app.templates.write(&message.letter, filled)?;
    let head = Letterhead { id: message.id, date: message.created_at, to, name };
    Ok(match app.mailer.send(&head, written).await? {
        Reply::Taken => Outcome::Sent,
        Reply::Refused(code) => Outcome::Bounced(code),
        Reply::NoSuchAddress => Outcome::Nobody,
    })
}

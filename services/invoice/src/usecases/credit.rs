//! Gives what a seller takes back its credit note, drawn from the document of the sale as it was frozen.

use std::collections::BTreeSet;

use chassis::{Job, JobHandler, Tx};
use contracts::order::{CreditCause, CreditedLine, SellerOrderCredited};
use jiff::Timestamp;
use kernel::{InvoiceId, InvoiceNumber, VendorId};
use serde::{Deserialize, Serialize};
use tracing::info;

use super::number::{NumberPart, object_key};
use super::print::PrintCreditNote;
use crate::App;
use crate::domain::credit::{Credited, Remainder};
use crate::domain::flaw::Flaw;
use crate::domain::invoice::{Invoice, Reason};
use crate::domain::series::Series;
use crate::error::Error;
use crate::store::credits::Sale;
use crate::store::invoices::Numbered;
use crate::store::{counters, credits, invoices};

/// How much of somebody's words goes on the paper.
const REASON_CHARS: usize = 120;
/// What the paper says when no tax is taken back.
const LATE: &str = ". Commercial credit note: too late for tax to be taken back";

/// Number the note over this credit, whose sale has no document yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteCredit {
    /// What was taken back.
    pub credited: SellerOrderCredited,
}

impl Job for NoteCredit {
    const KIND: &'static str = "note_credit";
    const MAX_ATTEMPTS: i32 = NumberPart::MAX_ATTEMPTS;
}

impl JobHandler<NoteCredit> for App {
    type Output = ();

    async fn run(&self, _: &NoteCredit) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: NoteCredit, (): (), tx: &mut Tx) -> Result<(), Error> {
        number(tx, &job.credited).await
    }
}

/// Numbers the credit note over `credited`, once. If its sale has no document, the part waits in a job of its own, and so
/// does the credit, for as long.
pub async fn credit(tx: &mut Tx, credited: &SellerOrderCredited) -> Result<(), Error> {
    match number(tx, credited).await {
        Err(Error::NotYet(what)) => {
            info!(credit.id = %credited.credit_id, what, "a credit waits for its sale");
            let now = tx.now();
            Ok(tx.schedule(&NoteCredit { credited: credited.clone() }, now).await?)
        }
        done => done,
    }
}

async fn number(tx: &mut Tx, credited: &SellerOrderCredited) -> Result<(), Error> {
    let of = &credited.seller_order;
    let before = tx.now();
    let series = Series::of_credits(of.vendor_id, before);
    // Locked until the commit, so that a number is given once, and a rollback leaves no gap.
    let last = counters::lock(tx.conn(), &[series]).await?.remove(&of.vendor_id);
    let now = series.moment(tx.now(), before);
    // After the series, as every credit does; it keeps notes of two years against one sale apart.
    let Some((sale, notes)) = lock_sale(tx, credited).await? else { return Ok(()) };

    let (serial, number) = series.next(last.unwrap_or_default(), prefix(&sale.document))?;
    let document = draw_up(&sale.document, &notes, credited, number, now)?;
    let id = InvoiceId::new();
    let note = numbered(id, (series, serial), &sale, credited, document);
    invoices::insert(tx.conn(), &[note]).await?;
    counters::set(tx.conn(), &[(series, serial)]).await?;
    tx.schedule(&PrintCreditNote { invoice_id: id }, now).await?;

    info!(invoice.id = %id, credit.id = %credited.credit_id, "a credit note was numbered");
    Ok(())
}

/// The sale and the notes against it; nothing, where this credit has its note already.
async fn lock_sale(
    tx: &mut Tx,
    credited: &SellerOrderCredited,
) -> Result<Option<(Sale, Vec<Invoice>)>, Error> {
    let of = &credited.seller_order;
    let sale = credits::lock_sale(tx.conn(), of.seller_order_id).await?;
    let sale = sale.ok_or(Error::NotYet("document of the sale"))?;
    if credits::is_noted(tx.conn(), credited.credit_id).await? {
        return Ok(None);
    }
    if sale.vendor_id != of.vendor_id {
        return Err(Flaw::AnotherSeller.into());
    }
    let notes = credits::list_notes(tx.conn(), sale.id).await?;
    Ok(Some((sale, notes)))
}

/// Locks the series of all `credits` at once: batches that lock credit by credit could wait for each other.
pub async fn lock_credits(tx: &mut Tx, credits: &[SellerOrderCredited]) -> Result<(), Error> {
    let vendors: BTreeSet<VendorId> =
        credits.iter().map(|credited| credited.seller_order.vendor_id).collect();
    let now = tx.now();
    let series: Vec<_> = vendors.into_iter().map(|id| Series::of_credits(id, now)).collect();
    counters::lock(tx.conn(), &series).await?;
    Ok(())
}

/// A seller's numbers all begin alike.
fn prefix(sold: &Invoice) -> &str {
    sold.particulars.number.as_str().get(..4).unwrap_or_default()
}

/// Draws up the note, and refuses what the sale does not bear out.
fn draw_up(
    sold: &Invoice,
    notes: &[Invoice],
    credited: &SellerOrderCredited,
    number: InvoiceNumber,
    now: Timestamp,
) -> Result<Invoice, Flaw> {
    let mut remainder = Remainder::of(sold, notes)?;
    let lines = credited.lines.iter().map(|line| remainder.take(&heard(line, credited)));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    Ok(Invoice::credit(sold, number, now, reason(credited), lines)?)
}

fn heard(line: &CreditedLine, of: &SellerOrderCredited) -> Credited {
    Credited {
        position: line.position,
        sku: line.sku.clone(),
        quantity: line.quantity,
        keeps_pieces: of.cause == CreditCause::PriceReduced && line.quantity == 0,
        total: line.total,
        taxable: line.taxable,
        tax: line.tax,
        commercial: of.commercial,
    }
}

fn numbered(
    id: InvoiceId,
    serial: (Series, i32),
    sale: &Sale,
    credited: &SellerOrderCredited,
    document: Invoice,
) -> Numbered {
    Numbered {
        id,
        serial,
        about: (sale.checkout_id, sale.order_id, credited.seller_order.seller_order_id),
        buyer: sale.buyer,
        object_key: object_key(&serial.0, id),
        reduces: Some((credited.credit_id, sale.id)),
        document,
    }
}

/// Why, in a few words.
fn reason(credited: &SellerOrderCredited) -> Reason {
    let cause = match credited.cause {
        CreditCause::BuyerCancelled => "Cancelled by the buyer",
        CreditCause::StaffCancelled => "Cancelled by the marketplace",
        CreditCause::VendorRejected => "Cannot be supplied",
        CreditCause::SlaExpired => "Not supplied in time",
        CreditCause::Unavailable => "No longer available",
        CreditCause::ReturnedToOrigin => "Not accepted on delivery",
        CreditCause::Lost => "Lost on the way",
        CreditCause::Returned => "Returned by the buyer",
        CreditCause::Disputed => "Payment taken back by the bank",
        CreditCause::PriceReduced => "Price reduced",
        CreditCause::Unknown => "Taken back",
    };
    // No row can hold a NUL.
    let words = credited.reason.iter().flat_map(|words| words.chars());
    let words: String = words.filter(|letter| *letter != '\0').take(REASON_CHARS).collect();
    let commercial = credited.commercial;
    let late = if commercial { LATE } else { "" };
    let said = if words.is_empty() { String::new() } else { format!(": {words}") };
    Reason { words: format!("{cause}{said}{late}"), commercial }
}

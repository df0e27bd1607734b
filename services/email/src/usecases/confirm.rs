//! An order's confirmation, which waits for an invoice of every seller. Order and invoices may come in any order.

use chassis::Tx;
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderConfirmed, SellerPart};
use jiff::Timestamp;
use kernel::{OrderId, UserId};

use super::queue::{message, queue};
use crate::domain::letter::Letter;
use crate::domain::message::{Addressee, Message};
use crate::domain::receipt::{Invoice, Paid, Receipt, lines};
use crate::domain::text::one_line;
use crate::error::Error;
use crate::store::confirmations;

/// An order is confirmed: its sellers are told at once, the buyer when the invoices are there.
pub async fn take_order(tx: &mut Tx, event: &OrderConfirmed) -> Result<(), Error> {
    let (order, now) = (&event.order, tx.now());
    // First, because it locks the order's row, as in `take_invoice`.
    let (buyer, receipt) =
        confirmations::insert(tx.conn(), order, &Receipt::of(order), now).await?;
    let paid = order.payment_method.into();
    let to_seller = |part| to_seller(tx, part, paid, event.accept_until).about(order.order_id);
    let sellers = order.parts.iter().map(to_seller).collect();
    queue(tx, sellers).await?;
    confirm(tx, order.order_id, buyer, receipt).await
}

/// An invoice is there: it may be the last one that the buyer's mail waits for.
pub async fn take_invoice(tx: &mut Tx, event: &InvoiceIssued) -> Result<(), Error> {
    let now = tx.now();
    let number = one_line(&event.number, 120);
    let event = InvoiceIssued { number, ..event.clone() };
    // Locked before the invoices are read: an order and its last invoice, heard at once, would each miss the other.
    let found = confirmations::lock(tx.conn(), event.order_id, now).await?;
    confirmations::insert_invoice(tx.conn(), &event).await?;
    match found {
        Some((buyer, receipt)) => confirm(tx, event.order_id, buyer, receipt).await,
        None => Ok(()),
    }
}

fn to_seller(tx: &Tx, part: &SellerPart, paid: Paid, until: Option<Timestamp>) -> Message {
    let letter = Letter::NewSellerOrder {
        number: one_line(&part.number, 120),
        lines: lines(&part.lines),
        total: part.total,
        paid: Some(paid),
        until,
    };
    let to = Addressee::OwnerOf(part.vendor_id);
    message(tx, part.seller_order_id.to_string(), to, letter)
}

async fn confirm(
    tx: &mut Tx,
    order_id: OrderId,
    buyer: UserId,
    receipt: Receipt,
) -> Result<(), Error> {
    let invoices: Vec<(_, Invoice)> = confirmations::list_invoices(tx.conn(), order_id).await?;
    let Some(receipt) = receipt.complete(&invoices) else { return Ok(()) };
    let letter = Letter::OrderConfirmation(receipt);
    let message = message(tx, order_id.to_string(), Addressee::User(buyer), letter).about(order_id);
    queue(tx, vec![message]).await
}

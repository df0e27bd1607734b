//! An order's confirmation, which waits for an invoice of every seller. Order and invoices may come in any order.

use std::collections::BTreeSet;

use chassis::Tx;
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderFact, SellerPart};
use kernel::OrderId;

use super::queue::{message, queue};
use crate::domain::letter::Letter;
use crate::domain::message::{Addressee, Message};
use crate::domain::receipt::{Receipt, lines};
use crate::domain::text::one_line;
use crate::error::Error;
use crate::store::confirmations::{self, Confirmation};

/// An order is confirmed: its sellers are told at once, the buyer when the invoices are there.
pub async fn take_order(tx: &mut Tx, order: &OrderFact) -> Result<(), Error> {
    let now = tx.now();
    let kept = confirmations::keep(tx.conn(), order, &Receipt::of(order), now).await?;
    let sellers = order.parts.iter().map(|part| to_seller(tx, part)).collect();
    queue(tx, sellers).await?;
    confirm(tx, vec![kept]).await
}

/// Invoices are there: one of them may be the last one that a buyer's mail waits for.
pub async fn take_invoices(tx: &mut Tx, mut invoices: Vec<InvoiceIssued>) -> Result<(), Error> {
    for invoice in &mut invoices {
        invoice.number = one_line(&invoice.number, 120);
    }
    let orders: BTreeSet<OrderId> = invoices.iter().map(|invoice| invoice.order_id).collect();
    let now = tx.now();
    let known = confirmations::lock(tx.conn(), &orders, now).await?;
    confirmations::insert_invoices(tx.conn(), &invoices).await?;
    confirm(tx, known).await
}

fn to_seller(tx: &Tx, part: &SellerPart) -> Message {
    let letter = Letter::NewSellerOrder {
        number: one_line(&part.number, 120),
        lines: lines(&part.lines),
        total: part.total,
    };
    let to = Addressee::OwnerOf(part.vendor_id);
    message(tx, part.seller_order_id.to_string(), to, letter)
}

/// Writes to the buyers of those orders that have all their invoices.
async fn confirm(tx: &mut Tx, orders: Vec<Confirmation>) -> Result<(), Error> {
    if orders.is_empty() {
        return Ok(());
    }
    let ids: Vec<OrderId> = orders.iter().map(|order| order.order_id).collect();
    let invoices = confirmations::list_invoices(tx.conn(), &ids).await?;
    let mut messages = Vec::new();
    for Confirmation { order_id, buyer, receipt } in orders {
        let Some(receipt) = receipt.complete(&invoices) else { continue };
        let letter = Letter::OrderConfirmation(receipt);
        messages.push(message(tx, order_id.to_string(), Addressee::User(buyer), letter));
    }
    queue(tx, messages).await
}

//! What payment, invoice and email did for an order, step by step, and what sellers were paid.

use chassis::{Meta, Tx};
use contracts::email::EmailSent;
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use contracts::payment::{
    CodAccepted, CodCollected, CodRefused, DisputeChanged, PaymentCreated, PaymentFailed,
    PaymentRef, PayoutChanged, RefundRef, RefundRequested,
};
use kernel::{MessageId, Money, OrderId};

use crate::App;
use crate::error::Error;
use crate::store::after_sales::RefundStep;
use crate::store::trail::Step;
use crate::store::{after_sales, trail, word};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project PaymentCreated {
        payment(tx, meta, &event.payment, Some(event.payment.amount), None).await
    }
    project PaymentFailed { payment(tx, meta, &event.payment, None, Some(&event.reason)).await }
    project CodAccepted {
        payment(tx, meta, &event.payment, Some(event.payment.amount), None).await
    }
    project CodRefused { payment(tx, meta, &event.payment, None, Some(&event.reason)).await }
    project CodCollected { payment(tx, meta, &event.payment, Some(event.collected), None).await }
    project RefundRequested {
        after_sales::refund(tx.conn(), &event.refund, RefundStep::Requested).await?;
        let kind = word(&event.refund.kind)?;
        refund(tx, meta, &event.refund, Some(&kind)).await
    }
    project PayoutChanged { Ok(after_sales::payout(tx.conn(), &event).await?) }
    project InvoiceIssued { paper(tx, meta, &event).await }
    project CreditNoteIssued { paper(tx, meta, &event.credit_note).await }
    project EmailSent { mail(tx, meta, event.order_id, event.message_id, &event.kind).await }
}

/// Something happened to a payment: over how much, and what else there is to say.
pub(super) async fn payment(
    tx: &mut Tx,
    meta: &Meta,
    of: &PaymentRef,
    amount: Option<Money>,
    detail: Option<&str>,
) -> Result<(), Error> {
    let subject_id = of.payment_id.as_uuid();
    let step = Step { order_id: of.order_id, subject_id, amount, detail };
    Ok(trail::insert(tx.conn(), meta, step).await?)
}

pub(super) async fn refund(
    tx: &mut Tx,
    meta: &Meta,
    of: &RefundRef,
    detail: Option<&str>,
) -> Result<(), Error> {
    let (subject_id, amount) = (of.refund_id.as_uuid(), Some(of.amount));
    let step = Step { order_id: of.order_id, subject_id, amount, detail };
    Ok(trail::insert(tx.conn(), meta, step).await?)
}

pub(super) async fn dispute(tx: &mut Tx, meta: &Meta, event: &DisputeChanged) -> Result<(), Error> {
    let (subject_id, state) = (event.dispute_id.as_uuid(), word(&event.state)?);
    let (order_id, amount) = (event.payment.order_id, Some(event.disputed));
    let step = Step { order_id, subject_id, amount, detail: Some(&state) };
    Ok(trail::insert(tx.conn(), meta, step).await?)
}

/// A mail about an order; nothing is kept of others.
pub(super) async fn mail(
    tx: &mut Tx,
    meta: &Meta,
    order_id: Option<OrderId>,
    message: MessageId,
    kind: &str,
) -> Result<(), Error> {
    let Some(order_id) = order_id else { return Ok(()) };
    let step = Step { order_id, subject_id: message.as_uuid(), amount: None, detail: Some(kind) };
    Ok(trail::insert(tx.conn(), meta, step).await?)
}

async fn paper(tx: &mut Tx, meta: &Meta, issued: &InvoiceIssued) -> Result<(), Error> {
    let (subject_id, amount) = (issued.invoice_id.as_uuid(), Some(issued.total));
    let step = Step { order_id: issued.order_id, subject_id, amount, detail: Some(&issued.number) };
    Ok(trail::insert(tx.conn(), meta, step).await?)
}

//! What payment, invoice and email did for an order, step by step, and what sellers were paid.

use chassis::{EventHandler, Meta, Tx};
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

impl EventHandler<PaymentCreated> for App {
    async fn handle(&self, event: PaymentCreated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        payment(tx, meta, &event.payment, Some(event.payment.amount), None).await
    }
}

impl EventHandler<PaymentFailed> for App {
    async fn handle(&self, event: PaymentFailed, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        payment(tx, meta, &event.payment, None, Some(&event.reason)).await
    }
}

impl EventHandler<CodAccepted> for App {
    async fn handle(&self, event: CodAccepted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        payment(tx, meta, &event.payment, Some(event.payment.amount), None).await
    }
}

impl EventHandler<CodRefused> for App {
    async fn handle(&self, event: CodRefused, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        payment(tx, meta, &event.payment, None, Some(&event.reason)).await
    }
}

impl EventHandler<CodCollected> for App {
    async fn handle(&self, event: CodCollected, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        payment(tx, meta, &event.payment, Some(event.collected), None).await
    }
}

impl EventHandler<RefundRequested> for App {
    async fn handle(&self, event: RefundRequested, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        after_sales::refund(tx.conn(), &event.refund, RefundStep::Requested).await?;
        let kind = word(&event.refund.kind)?;
        refund(tx, meta, &event.refund, Some(&kind)).await
    }
}

impl EventHandler<InvoiceIssued> for App {
    async fn handle(&self, event: InvoiceIssued, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        paper(tx, meta, &event).await
    }
}

impl EventHandler<CreditNoteIssued> for App {
    async fn handle(&self, event: CreditNoteIssued, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        paper(tx, meta, &event.credit_note).await
    }
}

impl EventHandler<EmailSent> for App {
    async fn handle(&self, event: EmailSent, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        mail(tx, meta, event.order_id, event.message_id, &event.kind).await
    }
}

impl EventHandler<PayoutChanged> for App {
    async fn handle(&self, event: PayoutChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(after_sales::payout(tx.conn(), &event).await?)
    }
}

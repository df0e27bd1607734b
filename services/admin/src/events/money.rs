//! Money that needs an eye: refunds, disputes, and what came otherwise than it was asked for.

use chassis::{EventHandler, Meta, Tx};
use contracts::payment::{
    DisputeChanged, DisputeState, ForeignRefundSeen, PaymentCancelled, PaymentCaptured,
    PaymentMismatch, PaymentUnclaimed, RefundDone, RefundFailed, RefundKind,
    VendorBalanceWrittenOff,
};

use super::trail;
use crate::App;
use crate::error::Error;
use crate::store::after_sales::RefundStep;
use crate::store::{after_sales, watch, word};

impl EventHandler<RefundFailed> for App {
    async fn handle(&self, event: RefundFailed, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        after_sales::refund(tx.conn(), &event.refund, RefundStep::Failed).await?;
        trail::refund(tx, meta, &event.refund, Some(&event.reason)).await?;
        if !event.needs_a_person {
            return Ok(());
        }
        Ok(watch::refund_waits(tx.conn(), event.refund.refund_id).await?)
    }
}

impl EventHandler<RefundDone> for App {
    async fn handle(&self, event: RefundDone, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        after_sales::refund(tx.conn(), &event.refund, RefundStep::Done).await?;
        trail::refund(tx, meta, &event.refund, event.bank_reference.as_deref()).await?;
        Ok(watch::refund_made(tx.conn(), event.refund.refund_id).await?)
    }
}

impl EventHandler<PaymentMismatch> for App {
    async fn handle(&self, event: PaymentMismatch, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        after_sales::wrong_money(tx.conn(), &event).await?;
        trail::payment(tx, meta, &event.payment, Some(event.received), None).await?;
        Ok(watch::payment_in_review(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentCaptured> for App {
    async fn handle(&self, event: PaymentCaptured, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        trail::payment(tx, meta, &event.payment, Some(event.payment.amount), None).await?;
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentCancelled> for App {
    async fn handle(&self, event: PaymentCancelled, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        trail::payment(tx, meta, &event.payment, None, None).await?;
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentUnclaimed> for App {
    async fn handle(&self, event: PaymentUnclaimed, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let why = word(&event.why)?;
        trail::payment(tx, meta, &event.payment, Some(event.received), Some(&why)).await?;
        if event.why != RefundKind::Mismatch {
            return Ok(());
        }
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<ForeignRefundSeen> for App {
    async fn handle(
        &self,
        event: ForeignRefundSeen,
        meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        trail::refund(tx, meta, &event.refund, None).await?;
        Ok(watch::foreign_refund(tx.conn(), &event.refund).await?)
    }
}

impl EventHandler<DisputeChanged> for App {
    async fn handle(&self, event: DisputeChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        trail::dispute(tx, meta, &event).await?;
        let lost = event.state == DisputeState::Lost && event.bearer.is_none();
        let waiting = event.state == DisputeState::Open || lost;
        Ok(after_sales::dispute(tx.conn(), &event, waiting).await?)
    }
}

impl EventHandler<VendorBalanceWrittenOff> for App {
    async fn handle(
        &self,
        event: VendorBalanceWrittenOff,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        Ok(after_sales::written_off(tx.conn(), &event).await?)
    }
}

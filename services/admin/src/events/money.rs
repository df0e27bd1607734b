//! Money that needs an eye: refunds, disputes, and what came otherwise than it was asked for.

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

/// Why a refund of cash waits for a person, in payment-service's word.
const WAS_CASH: &str = "was-cash";

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project PaymentMismatch {
        after_sales::wrong_money(tx.conn(), &event).await?;
        trail::payment(tx, meta, &event.payment, Some(event.received), None).await?;
        Ok(watch::payment_in_review(tx.conn(), event.payment.payment_id).await?)
    }
    project PaymentCaptured {
        trail::payment(tx, meta, &event.payment, Some(event.payment.amount), None).await?;
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
    project PaymentCancelled {
        trail::payment(tx, meta, &event.payment, None, None).await?;
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
    project PaymentUnclaimed {
        let why = word(&event.why)?;
        trail::payment(tx, meta, &event.payment, Some(event.received), Some(&why)).await?;
        if event.why != RefundKind::Mismatch {
            return Ok(());
        }
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
    project ForeignRefundSeen {
        trail::refund(tx, meta, &event.refund, None).await?;
        Ok(watch::foreign_refund(tx.conn(), &event.refund).await?)
    }
    project DisputeChanged {
        trail::dispute(tx, meta, &event).await?;
        let lost = event.state == DisputeState::Lost && event.bearer.is_none();
        let waiting = event.state == DisputeState::Open || lost;
        Ok(after_sales::dispute(tx.conn(), &event, waiting).await?)
    }
    project RefundFailed {
        // Cash never was at the provider: its refund waits for a person, and failed nowhere.
        if event.reason != WAS_CASH {
            after_sales::refund(tx.conn(), &event.refund, RefundStep::Failed).await?;
        }
        trail::refund(tx, meta, &event.refund, Some(&event.reason)).await?;
        if !event.needs_a_person {
            return Ok(());
        }
        Ok(watch::refund_waits(tx.conn(), event.refund.refund_id).await?)
    }
    project RefundDone {
        after_sales::refund(tx.conn(), &event.refund, RefundStep::Done).await?;
        trail::refund(tx, meta, &event.refund, event.bank_reference.as_deref()).await?;
        Ok(watch::refund_made(tx.conn(), event.refund.refund_id).await?)
    }
    project VendorBalanceWrittenOff { Ok(after_sales::written_off(tx.conn(), &event).await?) }
}

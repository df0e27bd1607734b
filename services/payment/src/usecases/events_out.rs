//! Payments in the words of the contracts.

use contracts::payment::{PaymentRef, RefundDone, RefundPayer, RefundRef};
use jiff::Timestamp;

use crate::domain::{Payment, Refund};

pub fn about(payment: &Payment, at: Timestamp) -> PaymentRef {
    PaymentRef {
        payment_id: payment.id,
        checkout_id: payment.checkout_id,
        order_id: payment.order_id,
        amount: payment.amount,
        at,
    }
}

pub fn about_refund(payment: &Payment, refund: &Refund, at: Timestamp) -> RefundRef {
    RefundRef {
        refund_id: refund.id,
        payment_id: payment.id,
        checkout_id: payment.checkout_id,
        order_id: payment.order_id,
        order_number: payment.order_number.clone(),
        buyer: payment.buyer,
        kind: refund.kind.into(),
        credit_id: refund.credit_id,
        seller_order_id: refund.seller_order_id,
        amount: refund.amount,
        at,
    }
}

/// What is said of a refund that the buyer has.
pub fn done(payment: &Payment, refund: &Refund, at: Timestamp) -> RefundDone {
    RefundDone {
        refund: about_refund(payment, refund, at),
        provider_refund_id: refund.provider_refund_id.clone(),
        bank_reference: refund.bank_reference.clone(),
        paid_by: Some(paid_by(refund)),
    }
}

const fn paid_by(refund: &Refund) -> RefundPayer {
    if refund.dispute_id.is_some() {
        RefundPayer::Bank
    } else if refund.provider_refund_id.is_some() {
        RefundPayer::Provider
    } else {
        RefundPayer::Hand
    }
}

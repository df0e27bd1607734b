//! Payments in the words of the contracts.

use contracts::payment::PaymentRef;
use jiff::Timestamp;

use crate::domain::Payment;

pub fn about(payment: &Payment, at: Timestamp) -> PaymentRef {
    PaymentRef {
        payment_id: payment.id,
        checkout_id: payment.checkout_id,
        order_id: payment.order_id,
        amount: payment.amount,
        at,
    }
}

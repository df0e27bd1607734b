//! A payment as the provider shows it, state by state.

use serde_json::{Value, json};

use crate::domain::payment::{Payment, PaymentState};

/// The buyer's address in every UPI payment that went through.
const PAYER_VPA: &str = "success@razorpay";

/// A payment entity.
pub fn payment(payment: &Payment) -> Value {
    let mut entity = json!({
        "id": payment.id,
        "entity": "payment",
        "amount": payment.amount,
        "currency": payment.currency,
        "status": status(payment),
        "order_id": payment.order_id,
        "invoice_id": null,
        "international": false,
        "method": "upi",
        "amount_refunded": payment.refunded,
        "refund_status": refund_status(payment),
        "captured": false,
        "description": payment.description,
        "card_id": null,
        "bank": null,
        "wallet": null,
        "vpa": null,
        "email": payment.email,
        "contact": payment.contact,
        "notes": [],
        "fee": null,
        "tax": null,
        "error_code": null,
        "error_description": null,
        "error_source": null,
        "error_step": null,
        "error_reason": null,
        "acquirer_data": {"rrn": null},
        "created_at": payment.created_at.as_second(),
    });
    if let Some(known) = entity.as_object_mut() {
        known.extend(known_in_state(payment));
    }
    entity
}

pub(super) fn status(payment: &Payment) -> &'static str {
    match payment.state {
        PaymentState::Created => "created",
        PaymentState::Failed => "failed",
        PaymentState::Authorized { .. } | PaymentState::Captured { .. }
            if payment.refunded == payment.amount =>
        {
            "refunded"
        }
        PaymentState::Authorized { .. } => "authorized",
        PaymentState::Captured { .. } => "captured",
    }
}

fn refund_status(payment: &Payment) -> Option<&'static str> {
    match payment.refunded {
        0 => None,
        all if all == payment.amount => Some("full"),
        _ => Some("partial"),
    }
}

fn known_in_state(payment: &Payment) -> Vec<(String, Value)> {
    let known = match &payment.state {
        PaymentState::Created => vec![("upi", upi(None))],
        PaymentState::Failed => vec![
            ("upi", upi(None)),
            ("error_code", json!("BAD_REQUEST_ERROR")),
            ("error_description", json!("Payment was declined by the customer in the app.")),
            ("error_source", json!("customer")),
            ("error_step", json!("payment_authorization")),
            ("error_reason", json!("payment_cancelled")),
        ],
        PaymentState::Authorized { rrn } => payer(rrn),
        PaymentState::Captured { rrn, fee, .. } => {
            let fee = [("fee", json!(fee.total)), ("tax", json!(fee.tax))];
            payer(rrn).into_iter().chain([("captured", json!(true))]).chain(fee).collect()
        }
    };
    known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn payer(rrn: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("upi", upi(Some(PAYER_VPA))),
        ("vpa", json!(PAYER_VPA)),
        ("acquirer_data", json!({"rrn": rrn})),
    ]
}

fn upi(vpa: Option<&str>) -> Value {
    json!({"vpa": vpa, "flow": "intent", "payer_account_type": vpa.map(|_| "bank_account")})
}

//! The provider's entities as the API and the webhooks show them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::FundAccount;
use super::dispute::{Dispute, DisputeStatus};
use super::order::Order;
use super::payment::{Payment, PaymentState};
use super::payout::{Payout, PayoutStatus};
use super::refund::Refund;
use super::webhook::Event;

/// The merchant's account at the provider.
const ACCOUNT_ID: &str = "acc_MallSandbox001";
/// The buyer's address in every UPI payment that went through.
const PAYER_VPA: &str = "success@razorpay";

/// Something that happened, with the things it happened to.
#[derive(Debug, Clone, Copy)]
pub enum Happening<'a> {
    /// The bank said yes.
    Authorized(&'a Payment),
    /// The money is the merchant's.
    Captured(&'a Payment),
    /// The buyer or the bank said no.
    Failed(&'a Payment),
    /// All of the order was captured.
    OrderPaid(&'a Order, &'a Payment),
    /// A refund was accepted.
    RefundCreated(&'a Refund, &'a Payment),
    /// A refund reached the buyer.
    RefundProcessed(&'a Refund, &'a Payment),
    /// A refund could not be carried out.
    RefundFailed(&'a Refund, &'a Payment),
    /// A refund is slower than asked for.
    RefundSpeedChanged(&'a Refund, &'a Payment),
    /// A dispute began, or was decided: its status says which.
    Disputed(&'a Dispute, &'a Payment),
    /// A payout moved on.
    Payout(&'a Payout),
}

impl Happening<'_> {
    /// The kind of the event.
    pub fn event(&self) -> Event {
        match self {
            Self::Authorized(_) => Event::PaymentAuthorized,
            Self::Captured(_) => Event::PaymentCaptured,
            Self::Failed(_) => Event::PaymentFailed,
            Self::OrderPaid(..) => Event::OrderPaid,
            Self::RefundCreated(..) => Event::RefundCreated,
            Self::RefundProcessed(..) => Event::RefundProcessed,
            Self::RefundFailed(..) => Event::RefundFailed,
            Self::RefundSpeedChanged(..) => Event::RefundSpeedChanged,
            Self::Disputed(dispute, _) => match dispute.status {
                DisputeStatus::Open => Event::DisputeCreated,
                DisputeStatus::Won => Event::DisputeWon,
                DisputeStatus::Lost => Event::DisputeLost,
            },
            Self::Payout(payout) => match payout.status {
                PayoutStatus::Processing => Event::PayoutInitiated,
                PayoutStatus::Processed => Event::PayoutProcessed,
                PayoutStatus::Failed => Event::PayoutFailed,
                PayoutStatus::Reversed => Event::PayoutReversed,
            },
        }
    }

    /// The order, or the payout, it is about.
    pub fn order_id(&self) -> &str {
        match self {
            Self::Authorized(payment)
            | Self::Captured(payment)
            | Self::Failed(payment)
            | Self::OrderPaid(_, payment)
            | Self::RefundCreated(_, payment)
            | Self::RefundProcessed(_, payment)
            | Self::RefundFailed(_, payment)
            | Self::RefundSpeedChanged(_, payment)
            | Self::Disputed(_, payment) => &payment.order_id,
            Self::Payout(payout) => &payout.id,
        }
    }

    /// The webhook's body.
    pub fn body(&self, at: Timestamp) -> String {
        let (contains, payload) = match self {
            Self::Authorized(paid) | Self::Captured(paid) | Self::Failed(paid) => {
                (json!(["payment"]), json!({"payment": {"entity": payment(paid)}}))
            }
            Self::OrderPaid(whole, paid) => (
                json!(["payment", "order"]),
                json!({"payment": {"entity": payment(paid)}, "order": {"entity": order(whole)}}),
            ),
            Self::RefundCreated(back, paid)
            | Self::RefundProcessed(back, paid)
            | Self::RefundFailed(back, paid)
            | Self::RefundSpeedChanged(back, paid) => (
                json!(["refund", "payment"]),
                json!({"refund": {"entity": refund(back)}, "payment": {"entity": payment(paid)}}),
            ),
            Self::Disputed(asked, paid) => (
                json!(["payment", "dispute"]),
                json!({"payment": {"entity": payment(paid)}, "dispute": {"entity": dispute(asked)}}),
            ),
            Self::Payout(paid) => (json!(["payout"]), json!({"payout": {"entity": payout(paid)}})),
        };
        json!({
            "entity": "event",
            "account_id": ACCOUNT_ID,
            "event": self.event().name(),
            "contains": contains,
            "payload": payload,
            "created_at": at.as_second(),
        })
        .to_string()
    }
}

/// An order entity.
pub fn order(order: &Order) -> Value {
    json!({
        "id": order.id,
        "entity": "order",
        "amount": order.amount,
        "amount_paid": order.amount_paid,
        "amount_due": order.amount_due(),
        "currency": order.currency,
        "receipt": order.receipt,
        "offer_id": null,
        "status": order.status().name(),
        "attempts": order.attempts,
        "notes": [],
        "created_at": order.created_at.as_second(),
    })
}

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

/// A refund entity.
pub fn refund(refund: &Refund) -> Value {
    json!({
        "id": refund.id,
        "entity": "refund",
        "amount": refund.amount,
        "currency": refund.currency,
        "payment_id": refund.ask.payment_id,
        "notes": notes(&refund.ask.notes),
        "receipt": refund.ask.receipt,
        "acquirer_data": {"arn": refund.arn},
        "created_at": refund.created_at.as_second(),
        "batch_id": null,
        "status": refund.status.name(),
        "speed_requested": refund.ask.speed,
        "speed_processed": "normal",
    })
}

/// A dispute entity.
pub fn dispute(dispute: &Dispute) -> Value {
    let deducted = if dispute.status == DisputeStatus::Won { 0 } else { dispute.amount };
    json!({
        "id": dispute.id,
        "entity": "dispute",
        "payment_id": dispute.payment_id,
        "amount": dispute.amount,
        "currency": dispute.currency,
        "amount_deducted": deducted,
        "reason_code": "goods_or_services_not_received_or_partially_received",
        "respond_by": dispute.created_at.as_second().saturating_add(604_800),
        "status": dispute.status.name(),
        "phase": "chargeback",
        "created_at": dispute.created_at.as_second(),
    })
}

/// A payout entity.
pub fn payout(payout: &Payout) -> Value {
    json!({
        "id": payout.id,
        "entity": "payout",
        "fund_account_id": payout.ask.fund_account_id,
        "amount": payout.ask.amount,
        "currency": payout.ask.currency,
        "notes": [],
        "fees": 0,
        "tax": 0,
        "status": payout.status.name(),
        "purpose": payout.ask.purpose,
        "utr": payout.utr,
        "mode": payout.ask.mode,
        "reference_id": payout.ask.reference_id,
        "status_details": {"reason": payout.reason(), "description": null, "source": null},
        "created_at": payout.created_at.as_second(),
    })
}

/// Whom the merchant pays, a contact entity.
pub fn contact(seller: &str, reference: &str) -> Value {
    json!({"id": format!("cont_{seller}"), "entity": "contact", "type": "vendor", "reference_id": reference, "active": true})
}

/// Where a seller is paid, a fund account entity.
pub fn fund_account(seller: &str) -> Value {
    json!({
        "id": format!("fa_{seller}"), "entity": "fund_account", "contact_id": format!("cont_{seller}"),
        "account_type": "bank_account", "active": true,
    })
}

/// The same of a bank account that was registered, without its number.
pub fn registered_account(account: &FundAccount) -> Value {
    json!({
        "id": account.id, "entity": "fund_account", "contact_id": format!("cont_{}", account.seller),
        "account_type": "bank_account", "active": account.active,
        "bank_account": {"name": account.bank.name, "ifsc": account.bank.ifsc},
    })
}

/// Razorpay writes no notes as an empty list, and notes as an object.
fn notes(notes: &BTreeMap<String, String>) -> Value {
    if notes.is_empty() { json!([]) } else { json!(notes) }
}

/// A page of entities.
pub fn collection(items: &[Value]) -> Value {
    json!({"entity": "collection", "count": items.len(), "items": items})
}

fn status(payment: &Payment) -> &'static str {
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
        PaymentState::Authorized { rrn } => vec![
            ("upi", upi(Some(PAYER_VPA))),
            ("vpa", json!(PAYER_VPA)),
            ("acquirer_data", json!({"rrn": rrn})),
        ],
        PaymentState::Captured { rrn, fee, .. } => vec![
            ("upi", upi(Some(PAYER_VPA))),
            ("vpa", json!(PAYER_VPA)),
            ("acquirer_data", json!({"rrn": rrn})),
            ("captured", json!(true)),
            ("fee", json!(fee.total)),
            ("tax", json!(fee.tax)),
        ],
    };
    known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn upi(vpa: Option<&str>) -> Value {
    json!({"vpa": vpa, "flow": "intent", "payer_account_type": vpa.map(|_| "bank_account")})
}

//! The provider's entities as the API and the webhooks show them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::dispute::{Dispute, DisputeStatus};
use super::order::Order;
use super::payment::Payment;
use super::payout::{Payout, PayoutStatus};
use super::refund::Refund;
use super::webhook::Event;

mod payments;
pub use payments::payment;

mod payouts;
pub use payouts::{contact, fund_account, payout, registered_account};

/// The merchant's account at the provider.
const ACCOUNT_ID: &str = "acc_MallSandbox001";
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
            Self::Disputed(dispute, _) => of_dispute(dispute.status),
            Self::Payout(payout) => of_payout(payout.status),
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
        let entities = self.entities();
        let contains: Vec<&str> = entities.iter().map(|(name, _)| *name).collect();
        let entity = |(name, of): (&str, Value)| (name.to_owned(), json!({"entity": of}));
        let payload: Map<String, Value> = entities.into_iter().map(entity).collect();
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

    fn entities(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Authorized(paid) | Self::Captured(paid) | Self::Failed(paid) => {
                vec![("payment", payment(paid))]
            }
            Self::OrderPaid(whole, paid) => {
                vec![("payment", payment(paid)), ("order", order(whole))]
            }
            Self::RefundCreated(back, paid)
            | Self::RefundProcessed(back, paid)
            | Self::RefundFailed(back, paid)
            | Self::RefundSpeedChanged(back, paid) => {
                vec![("refund", refund(back)), ("payment", payment(paid))]
            }
            Self::Disputed(asked, paid) => {
                vec![("payment", payment(paid)), ("dispute", dispute(asked))]
            }
            Self::Payout(paid) => vec![("payout", payout(paid))],
        }
    }
}

const fn of_dispute(status: DisputeStatus) -> Event {
    match status {
        DisputeStatus::Open => Event::DisputeCreated,
        DisputeStatus::Won => Event::DisputeWon,
        DisputeStatus::Lost => Event::DisputeLost,
    }
}

const fn of_payout(status: PayoutStatus) -> Event {
    match status {
        PayoutStatus::Processing => Event::PayoutInitiated,
        PayoutStatus::Processed => Event::PayoutProcessed,
        PayoutStatus::Failed => Event::PayoutFailed,
        PayoutStatus::Reversed => Event::PayoutReversed,
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

/// Razorpay writes no notes as an empty list, and notes as an object.
fn notes(notes: &BTreeMap<String, String>) -> Value {
    if notes.is_empty() { json!([]) } else { json!(notes) }
}

/// A page of entities.
pub fn collection(items: &[Value]) -> Value {
    json!({"entity": "collection", "count": items.len(), "items": items})
}

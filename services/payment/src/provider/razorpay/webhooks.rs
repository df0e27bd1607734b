//! Webhooks: signed in hexadecimal over their bytes, named and dated outside of what is signed or in it.

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::{Razorpay, payouts, wire};
use crate::domain::dispute::State;
use crate::domain::payout::PayoutSeen;
use crate::domain::progress::Seen;
use crate::domain::refund::RefundSeen;
use crate::provider::webhooks::{Door, Header, Told, Vouched, Webhooks};
use crate::provider::{ProviderError, id};

const SIGNATURE: &str = "x-razorpay-signature";
const EVENT_ID: &str = "x-razorpay-event-id";

/// Where it tells, and by which headers.
pub const DOOR: Door = Door {
    path: "/v1/webhooks/razorpay",
    operation_id: "receiveRazorpayWebhook",
    headers: &[
        Header {
            name: "X-Razorpay-Signature",
            required: true,
            pattern: "^[0-9A-Fa-f]{64}$",
            lengths: None,
            meaning: "Hex HMAC-SHA256 over the bytes of the body",
        },
        Header {
            name: "x-razorpay-event-id",
            required: false,
            pattern: "^[!-~]+$",
            lengths: Some((1, 100)),
            meaning: "The provider's id of the event",
        },
    ],
};

impl Webhooks for Razorpay {
    fn vouch(&self, headers: &HeaderMap, body: &[u8]) -> Option<Vouched> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let signature = hex::decode(text(SIGNATURE)?).ok()?;
        // First, over the bytes as they came: what nobody vouches for is not even read.
        self.secrets.signed(&[body], &signature).then(|| Vouched {
            event_id: text(EVENT_ID).map(str::to_owned),
            said_at: Envelope::of(body).created_at.and_then(|at| Timestamp::from_second(at).ok()),
        })
    }

    fn read(&self, body: &[u8]) -> Result<Told, ProviderError> {
        let ours = self.account_id.as_ref();
        if ours.is_some_and(|ours| Envelope::of(body).account_id.as_ref() != Some(ours)) {
            return Err(ProviderError::Unreadable("it is about another merchant"));
        }
        read(body)
    }
}

/// What stands on the outside of a webhook.
#[derive(Debug, Default, Deserialize)]
struct Envelope {
    /// Whose account it is about.
    account_id: Option<String>,
    /// When it happened, in seconds since 1970.
    created_at: Option<i64>,
}

impl Envelope {
    /// As far as it can be read.
    fn of(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
struct Event {
    event: String,
    #[serde(default)]
    payload: Payload,
}

#[derive(Debug, Default, Deserialize)]
struct Payload {
    payment: Option<Wrapped>,
    refund: Option<Wrapped>,
    dispute: Option<Wrapped>,
    payout: Option<Wrapped>,
}

#[derive(Debug, Deserialize)]
struct Wrapped {
    entity: serde_json::Value,
}

fn read(body: &[u8]) -> Result<Told, ProviderError> {
    let unreadable = |_| ProviderError::Unreadable("it is not an event");
    let Event { event, payload } = serde_json::from_slice(body).map_err(unreadable)?;
    if event.len() > 100 || !event.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(ProviderError::Unreadable("its name is none"));
    }
    match event.as_str() {
        "payment.captured" | "order.paid" | "payment.failed" => read_attempt(event, payload),
        "refund.created" => read_refund(event, payload, RefundSeen::Pending),
        "refund.processed" => read_refund(event, payload, RefundSeen::Processed),
        "refund.failed" => read_refund(event, payload, RefundSeen::Failed),
        "payment.dispute.created"
        | "payment.dispute.under_review"
        | "payment.dispute.action_required" => read_dispute(event, payload, Some(State::Open)),
        "payment.dispute.won" => read_dispute(event, payload, Some(State::Won)),
        "payment.dispute.lost" => read_dispute(event, payload, Some(State::Lost)),
        "payment.dispute.closed" => read_dispute(event, payload, None),
        "payout.processed" => read_payout(event, payload, PayoutSeen::Paid),
        "payout.failed" | "payout.rejected" => read_payout(event, payload, PayoutSeen::Failed),
        "payout.reversed" => read_payout(event, payload, PayoutSeen::Returned),
        _ => Ok(Told::Note(event)),
    }
}

fn read_attempt(event: String, payload: Payload) -> Result<Told, ProviderError> {
    let payment =
        payment(payload.payment.ok_or(ProviderError::Unreadable("it names no payment"))?)?;
    let seen =
        if event == "payment.failed" { Seen::Failed(payment.reason()) } else { Seen::Captured };
    let order_id = payment.order_id.clone();
    let order_id = id(order_id.ok_or(ProviderError::Unreadable("its payment pays nothing"))?)?;
    Ok(Told::Attempt { event, order_id, sighting: payment.seen(seen)? })
}

fn read_refund(event: String, payload: Payload, seen: RefundSeen) -> Result<Told, ProviderError> {
    let entity = payload.refund.ok_or(ProviderError::Unreadable("it names no refund"))?.entity;
    let refund: wire::Refund = serde_json::from_value(entity)
        .map_err(|_| ProviderError::Unreadable("its refund makes no sense"))?;
    let captured = match payload.payment {
        Some(wrapped) => payment(wrapped)?.captured != Some(false),
        None => true,
    };
    Ok(Told::Refund { event, sighting: refund.seen(seen)?, captured })
}

fn read_dispute(
    event: String,
    payload: Payload,
    seen: Option<State>,
) -> Result<Told, ProviderError> {
    let entity = payload.dispute.ok_or(ProviderError::Unreadable("it names no dispute"))?.entity;
    let dispute: wire::Dispute = serde_json::from_value(entity)
        .map_err(|_| ProviderError::Unreadable("its dispute makes no sense"))?;
    let seen = seen.unwrap_or_else(|| dispute.end());
    let paid = payload.payment.map(payment).transpose()?;
    let order_id = paid.and_then(|paid| paid.order_id).map(id).transpose()?;
    Ok(Told::Dispute { event, order_id, sighting: dispute.seen(seen)? })
}

fn read_payout(event: String, payload: Payload, seen: PayoutSeen) -> Result<Told, ProviderError> {
    let entity = payload.payout.ok_or(ProviderError::Unreadable("it names no payout"))?.entity;
    let payout: payouts::Entity = serde_json::from_value(entity)
        .map_err(|_| ProviderError::Unreadable("its payout makes no sense"))?;
    Ok(Told::Payout { event, sighting: payout.seen(seen)? })
}

fn payment(wrapped: Wrapped) -> Result<wire::Payment, ProviderError> {
    serde_json::from_value(wrapped.entity)
        .map_err(|_| ProviderError::Unreadable("its payment makes no sense"))
}

#[cfg(test)]
mod tests {
    use kernel::Money;
    use serde_json::{Value, json};

    use super::*;

    fn event(name: &str, entity: &Value) -> Vec<u8> {
        json!({"entity": "event", "event": name, "payload": {"payment": {"entity": entity}}, "created_at": 1})
            .to_string()
            .into_bytes()
    }

    fn entity() -> Value {
        json!({"id": "pay_1", "order_id": "order_1", "amount": 100, "currency": "INR", "notes": []})
    }

    #[test]
    fn a_capture_is_read_with_its_amount() {
        let Told::Attempt { order_id, sighting, .. } =
            read(&event("payment.captured", &entity())).unwrap()
        else {
            panic!("a note")
        };
        assert_eq!(order_id, "order_1");
        assert_eq!(sighting.amount, Money::inr(100));
        assert_eq!(sighting.seen, Seen::Captured);
    }

    #[test]
    fn amounts_that_are_not_whole_numbers_are_not_read() {
        for amount in [json!(100.0), json!("100"), json!(1e2), json!(-1), json!(null)] {
            let mut entity = entity();
            entity["amount"] = amount.clone();
            assert!(read(&event("payment.captured", &entity)).is_err(), "{amount}");
        }
    }

    #[test]
    fn ids_that_could_lead_elsewhere_are_not_read() {
        for id in ["../orders", "", "pay 1", "pay\n1", &"x".repeat(65)] {
            let mut entity = entity();
            entity["order_id"] = json!(id);
            assert!(read(&event("payment.captured", &entity)).is_err(), "{id}");
        }
    }

    #[test]
    fn events_that_we_do_not_act_upon_are_notes() {
        for name in ["payment.authorized", "refund.speed_changed", "payment.downtime.started"] {
            assert_eq!(read(&event(name, &json!({}))).unwrap(), Told::Note(name.into()));
        }
    }

    #[test]
    fn a_refund_is_read_with_the_banks_number_for_it() {
        for (data, reference) in [
            (json!({"arn": "10000000000000"}), Some("10000000000000")),
            (json!({"arn": null, "rrn": "234567890123"}), Some("234567890123")),
            (json!({"arn": "<b>"}), None),
            (json!({}), None),
            (json!([]), None),
            (json!(null), None),
        ] {
            let refund = json!({"id": "rfnd_1", "payment_id": "pay_1", "amount": 100, "currency": "INR",
                                "receipt": "r-1", "notes": [], "acquirer_data": data, "status": "processed"});
            let mut paid = entity();
            paid["captured"] = json!(true);
            let body = json!({"event": "refund.processed", "payload":
                              {"refund": {"entity": refund}, "payment": {"entity": paid}}});
            let Told::Refund { sighting, captured, .. } =
                read(body.to_string().as_bytes()).unwrap()
            else {
                panic!("no refund")
            };
            assert_eq!((sighting.seen, captured), (RefundSeen::Processed, true));
            assert_eq!(sighting.amount, Money::inr(100));
            assert_eq!(sighting.key.as_deref(), Some("r-1"));
            assert_eq!(sighting.bank_reference.as_deref(), reference);
        }
    }

    #[test]
    fn names_that_no_event_has_are_not_read() {
        for name in ["a\0b", "a b", "चाय", "\u{202e}", &"x".repeat(101)] {
            assert!(read(&event(name, &entity())).is_err(), "{name}");
        }
    }

    #[test]
    fn half_a_body_is_not_an_event() {
        let whole = event("payment.captured", &entity());
        for end in [0, 1, whole.len() / 2, whole.len() - 1] {
            assert!(read(&whole[..end]).is_err());
        }
    }
}

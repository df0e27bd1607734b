//! An adapter for tests: Cashfree's shapes as far as they are known for certain, which are those of its webhooks. Its
//! other half keeps books of its own instead of asking anybody.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use kernel::{Money, UpiTxnId, Vpa, upi};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::Number;
use sha2::Sha256;

use super::{There, Webhook, keeps_the_contract};
use crate::domain::progress::{Seen, Sighting};
use crate::domain::refund::{RefundSeen, RefundSighting};
use crate::provider::signature::Secrets;
use crate::provider::webhooks::{Told, Vouched, Webhooks};
use crate::provider::{Ask, Begun, GiveBack, Payments, ProviderError, ProviderOrder, id};

const SIGNATURE: &str = "x-webhook-signature";
const TIMESTAMP: &str = "x-webhook-timestamp";
const SECRET: &str = "cf_test_secret";

/// One order is enough.
#[derive(Debug, Default)]
struct Books {
    order: Option<Ask>,
    paid: bool,
    back: Vec<RefundSighting>,
}

#[derive(Debug)]
struct Cashfree {
    secrets: Secrets,
    books: Mutex<Books>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    order: Order,
}

/// Amounts are rupees with a point, and an order has the name that we gave it.
#[derive(Deserialize)]
struct Order {
    #[serde(rename = "order_id")]
    id: String,
    #[serde(rename = "order_amount")]
    amount: Number,
    #[serde(rename = "order_currency")]
    currency: String,
}

impl Webhooks for Cashfree {
    fn vouch(&self, headers: &HeaderMap, body: &[u8]) -> Option<Vouched> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let (signature, at) = (STANDARD.decode(text(SIGNATURE)?).ok()?, text(TIMESTAMP)?);
        let signed = self.secrets.signed(&[at.as_bytes(), body], &signature);
        // It names no event, and its bytes are as good a name.
        let said_at = at.parse().ok().and_then(|at| Timestamp::from_millisecond(at).ok());
        signed.then_some(Vouched { event_id: None, said_at })
    }

    fn read(&self, body: &[u8]) -> Result<Told, ProviderError> {
        let unreadable = |_| ProviderError::Unreadable("it is not an event");
        let Event { kind, data: Data { order } } =
            serde_json::from_slice(body).map_err(unreadable)?;
        if kind != "PAYMENT_SUCCESS_WEBHOOK" {
            return Ok(Told::Note(kind));
        }
        let amount = upi::parse_amount(&order.amount.to_string())
            .map_err(|_| ProviderError::Unreadable("its amount is none"))?;
        if order.currency != "INR" {
            return Err(ProviderError::Unreadable("it is about other money"));
        }
        let order_id = id(order.id)?;
        let (provider_payment_id, seen) = (order_id.clone(), Seen::Captured);
        let sighting = Sighting { provider_payment_id, amount, seen, went_back: Vec::new() };
        Ok(Told::Attempt { event: kind, order_id, sighting })
    }
}

impl Cashfree {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

#[async_trait]
impl Payments for Cashfree {
    async fn open_order(&self, ask: &Ask) -> Result<ProviderOrder, ProviderError> {
        let mut books = self.books();
        books.order = Some(ask.clone());
        Ok(ProviderOrder { id: ask.receipt.clone(), paid: books.paid })
    }

    async fn begin_upi(&self, order_id: &str, ask: &Ask) -> Result<Begun, ProviderError> {
        let reference = UpiTxnId::parse(order_id).unwrap();
        let payee = Vpa::parse("mall@upi").unwrap();
        let link = upi::Link::new(payee, "Mall", reference, ask.amount).unwrap().to_string();
        Ok(Begun { provider_payment_id: order_id.to_owned(), link })
    }

    async fn attempts(&self, order_id: &str) -> Result<Vec<Sighting>, ProviderError> {
        let books = self.books();
        let amount = books.order.as_ref().unwrap().amount;
        let seen = if books.paid { Seen::Captured } else { Seen::Waiting };
        let provider_payment_id = order_id.to_owned();
        Ok(vec![Sighting { provider_payment_id, amount, seen, went_back: Vec::new() }])
    }

    async fn refund(&self, back: &GiveBack) -> Result<RefundSighting, ProviderError> {
        let mut books = self.books();
        let known = books.back.iter().find(|known| known.key.as_ref() == Some(&back.key));
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let gone: i64 = books.back.iter().map(|known| known.amount.minor()).sum();
        if gone + back.amount.minor() > books.order.as_ref().unwrap().amount.minor() {
            return Err(ProviderError::Refused { status: 400, code: String::new() });
        }
        let made = RefundSighting {
            provider_refund_id: back.key.clone(),
            provider_payment_id: back.provider_payment_id.clone(),
            amount: back.amount,
            key: Some(back.key.clone()),
            seen: RefundSeen::Pending,
            bank_reference: None,
        };
        books.back.push(made.clone());
        Ok(made)
    }

    async fn refunds(&self, _: &str) -> Result<Vec<RefundSighting>, ProviderError> {
        Ok(self.books().back.clone())
    }
}

fn signed(secret: &str, at: &str, body: String) -> Webhook {
    let mut keyed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    keyed.update(at.as_bytes());
    keyed.update(body.as_bytes());
    let mut headers = HeaderMap::new();
    let signature = STANDARD.encode(keyed.finalize().into_bytes());
    headers.insert(SIGNATURE, signature.parse().unwrap());
    headers.insert(TIMESTAMP, at.parse().unwrap());
    (headers, body.into_bytes())
}

fn captured(secret: &str, order_id: &str, amount: Money) -> Webhook {
    let amount = amount.decimal();
    let order =
        format!(r#"{{"order_id":"{order_id}","order_amount":{amount},"order_currency":"INR"}}"#);
    let body = format!(r#"{{"data":{{"order":{order}}},"type":"PAYMENT_SUCCESS_WEBHOOK"}}"#);
    signed(secret, "1700000000000", body)
}

#[async_trait]
impl There for Cashfree {
    async fn pay(&self, _: &str) {
        self.books().paid = true;
    }

    fn tell(&self, order_id: &str, _: &str, amount: Money) -> Webhook {
        captured(SECRET, order_id, amount)
    }

    fn forge(&self, order_id: &str, _: &str, amount: Money) -> Webhook {
        captured("a guess", order_id, amount)
    }
}

fn cashfree() -> Cashfree {
    let secrets = Secrets::try_new(&SECRET.into(), None).unwrap();
    Cashfree { secrets, books: Mutex::default() }
}

#[tokio::test]
async fn other_shapes_keep_the_contract() {
    let cashfree = cashfree();
    keeps_the_contract(&cashfree, &cashfree).await;
}

#[test]
fn a_webhook_as_documented_is_taken_to_the_paisa() {
    let body = r#"{"data":{"order":{"order_id":"CHK-0001","order_amount":1499.00,"order_currency":"INR"}},"type":"PAYMENT_SUCCESS_WEBHOOK"}"#;
    let (headers, bytes) = signed(SECRET, "1617695238078", body.to_owned());
    assert_eq!(headers[SIGNATURE], "KLEPJf58ixIBIcUSNdd142NxVj+XIMUOE2aIE5zQxYg=");
    let vouched = cashfree().vouch(&headers, &bytes).unwrap();
    assert_eq!(vouched.said_at.unwrap().as_millisecond(), 1_617_695_238_078);
    let Told::Attempt { order_id, sighting, .. } = cashfree().read(&bytes).unwrap() else {
        panic!("it tells of no attempt")
    };
    assert_eq!((order_id.as_str(), sighting.amount), ("CHK-0001", Money::inr(149_900)));
    let mut later = headers.clone();
    later.insert(TIMESTAMP, "1617695238079".parse().unwrap());
    assert_eq!(cashfree().vouch(&later, &bytes), None, "the time is signed with the body");
}

//! What every adapter has to keep, played against each: here the shipped one before the sandbox, and one for shapes of
//! another provider.

mod cashfree;
mod razorpay;

use std::path::Path;

use async_trait::async_trait;
use kernel::{Money, upi};
use reqwest::header::HeaderMap;

use super::webhooks::{Told, Webhooks};
use super::{Ask, GiveBack, Payments, ProviderError};
use crate::domain::progress::Seen;
use crate::domain::refund::RefundSeen;

/// A webhook as it comes.
type Webhook = (HeaderMap, Vec<u8>);

/// What happens at the provider without us.
#[async_trait]
trait There {
    /// The buyer pays what was asked for.
    async fn pay(&self, order_id: &str);

    /// What it tells of the capture, signed.
    fn tell(&self, order_id: &str, payment_id: &str, amount: Money) -> Webhook;

    /// The same, signed by somebody else.
    fn forge(&self, order_id: &str, payment_id: &str, amount: Money) -> Webhook;
}

fn ask() -> Ask {
    let receipt = "0190f0c5b7a97cc0a1b2c3d4e5f60718".into();
    Ask { receipt, amount: Money::inr(149_900), order_number: "M261130-000001".into() }
}

async fn keeps_the_contract(adapter: &(impl Payments + Webhooks), there: &(dyn There + Sync)) {
    let order_id = begins(adapter).await;
    there.pay(&order_id).await;
    let payment_id = is_paid(adapter, &order_id).await;
    tells(adapter, there, &order_id, &payment_id);
    gives_back(adapter, &payment_id).await;
}

/// Asking twice is asking once, and nothing is paid before the buyer pays.
async fn begins(adapter: &impl Payments) -> String {
    let order = adapter.open_order(&ask()).await.unwrap();
    assert_eq!(adapter.open_order(&ask()).await.unwrap(), order);
    assert!(!order.paid);
    let begun = adapter.begin_upi(&order.id, &ask()).await.unwrap();
    assert_eq!(upi::parse(&begun.link).unwrap().amount, Some(ask().amount));
    let attempts = adapter.attempts(&order.id).await.unwrap();
    assert!(attempts.iter().all(|attempt| attempt.seen == Seen::Waiting), "{attempts:?}");
    order.id
}

/// The capture is seen in our unit, and the order is found paid.
async fn is_paid(adapter: &impl Payments, order_id: &str) -> String {
    let attempts = adapter.attempts(order_id).await.unwrap();
    let mut captured = attempts.into_iter().filter(|attempt| attempt.seen == Seen::Captured);
    let (one, more) = (captured.next().unwrap(), captured.next());
    assert_eq!((one.amount, one.went_back.len(), more), (ask().amount, 0, None));
    let order = adapter.open_order(&ask()).await.unwrap();
    assert_eq!((order.id.as_str(), order.paid), (order_id, true));
    one.provider_payment_id
}

/// A webhook says the same as a look, and nobody else can bring one.
fn tells(adapter: &impl Webhooks, there: &dyn There, order_id: &str, payment_id: &str) {
    let (headers, body) = there.tell(order_id, payment_id, ask().amount);
    let vouched = adapter.vouch(&headers, &body).unwrap();
    assert!(vouched.said_at.is_some());
    let Told::Attempt { order_id: told, sighting, .. } = adapter.read(&body).unwrap() else {
        panic!("it tells of no attempt")
    };
    assert_eq!((told.as_str(), &*sighting.provider_payment_id), (order_id, payment_id));
    assert_eq!((sighting.amount, sighting.seen), (ask().amount, Seen::Captured));

    let (forged, same) = there.forge(order_id, payment_id, ask().amount);
    assert_eq!(adapter.vouch(&forged, &same), None, "signed by somebody else");
    let mut changed = body.clone();
    changed[20] ^= 1;
    assert_eq!(adapter.vouch(&headers, &changed), None, "changed on its way");
    for name in headers.keys().filter(|name| name.as_str().contains("signature")) {
        let mut without = headers.clone();
        without.remove(name);
        assert_eq!(adapter.vouch(&without, &body), None, "not signed");
        let mut cut = headers.clone();
        let half = &headers[name].as_bytes()[..20];
        cut.insert(name, half.try_into().unwrap());
        assert_eq!(adapter.vouch(&cut, &body), None, "half a signature");
    }
    assert!(adapter.read(&body[..body.len() / 2]).is_err(), "half a body");
}

/// A refund of one name is one refund, is found afterwards, and never takes more than was captured.
async fn gives_back(adapter: &impl Payments, payment_id: &str) {
    let back = |amount, key: &str| GiveBack {
        provider_payment_id: payment_id.to_owned(),
        amount: Money::inr(amount),
        key: key.to_owned(),
    };
    let made = adapter.refund(&back(50_000, "refund-0001")).await.unwrap();
    let again = adapter.refund(&back(50_000, "refund-0001")).await.unwrap();
    assert_eq!(again.provider_refund_id, made.provider_refund_id);
    assert_ne!(made.seen, RefundSeen::Failed);
    let all = adapter.refunds(payment_id).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].amount, all[0].key.as_deref()), (Money::inr(50_000), Some("refund-0001")));
    let over = adapter.refund(&back(100_000, "refund-0002")).await;
    assert!(matches!(over, Err(ProviderError::Refused { .. })), "{over:?}");
}

/// Files below `folder` that name a provider.
fn naming(folder: &Path, names: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            naming(&path, names, found);
        } else {
            let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
            if names.iter().any(|name| text.contains(name)) {
                found.push(path.display().to_string());
            }
        }
    }
}

#[test]
fn the_rest_of_the_service_names_no_provider() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    naming(&sources, &["razorpay", "cashfree"], &mut found);
    let ours = ["/provider.rs", "/provider/", "/config/tests.rs"];
    let place = |path: &str| path.replacen(&sources.display().to_string(), "", 1);
    found.retain(|path| !ours.iter().any(|ours| place(path).starts_with(ours)));
    assert_eq!(found, Vec::<String>::new());
}

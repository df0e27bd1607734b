//! The shipped adapter before the sandbox that speaks its API.

use std::{env, fs, process};

use async_trait::async_trait;
use jiff::Timestamp;
use kernel::{Money, Vpa};
use psp_sandbox::{Autopay, Running, Sandbox, Signer};
use reqwest::header::HeaderMap;
use serde_json::json;

use super::{There, Webhook, keeps_the_contract};
use crate::provider::razorpay::Razorpay;
use crate::provider::settings::{Settings, Which};

const KEY: (&str, &str) = ("rzp_test_sandbox01", "EnLs21M47BllR3X8PSFtjtbd");
const SECRET: &str = "whsec_test_0001";

fn settings(url: &str) -> Settings {
    Settings {
        provider: Which::Razorpay,
        razorpay_url: url.into(),
        razorpay_key_id: KEY.0.into(),
        razorpay_key_secret: KEY.1.into(),
        razorpay_account_id: Some("acc_MallSandbox001".into()),
        webhook_secret: SECRET.into(),
        webhook_secret_previous: None,
        upi_payee_vpa: Vpa::parse("mall@upi").unwrap(),
        upi_payee_name: "Mall".into(),
        contact_email: "payments@mall.invalid".into(),
        contact_phone: "+919000090000".into(),
        payout_account: "sandbox".into(),
    }
}

fn signed(secret: &str, order_id: &str, payment_id: &str, amount: Money) -> Webhook {
    let entity = json!({"id": payment_id, "order_id": order_id, "amount": amount.minor(),
                        "currency": "INR", "status": "captured", "notes": []});
    let body = json!({"entity": "event", "account_id": "acc_MallSandbox001", "event": "payment.captured",
                      "contains": ["payment"], "payload": {"payment": {"entity": entity}},
                      "created_at": 1_700_000_000});
    let body = body.to_string().into_bytes();
    let mut headers = HeaderMap::new();
    let signature = Signer::try_new(secret).unwrap().sign(&body);
    headers.insert("x-razorpay-signature", signature.parse().unwrap());
    headers.insert("x-razorpay-event-id", "evt_1".parse().unwrap());
    (headers, body)
}

#[async_trait]
impl There for Running {
    async fn pay(&self, order_id: &str) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/sandbox/orders/{order_id}/pay", self.url());
        let body = json!({"outcome": "captured", "webhook": {"lose": true}});
        client.post(url).json(&body).send().await.unwrap().error_for_status().unwrap();
    }

    fn tell(&self, order_id: &str, payment_id: &str, amount: Money) -> Webhook {
        signed(SECRET, order_id, payment_id, amount)
    }

    fn forge(&self, order_id: &str, payment_id: &str, amount: Money) -> Webhook {
        signed("a guess", order_id, payment_id, amount)
    }
}

#[tokio::test]
async fn the_shipped_adapter_keeps_the_contract() {
    let folder = env::temp_dir().join(format!("mall-contract-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let running = Sandbox::start(psp_sandbox::Config {
        key_id: KEY.0.into(),
        key_secret: KEY.1.into(),
        webhook_secret: SECRET.into(),
        webhook_url: None,
        ledger_file: folder.join("ledger.jsonl"),
        autopay: Autopay::Off,
    });
    let running = running.await.unwrap();
    let adapter = Razorpay::try_new(&settings(running.url()), "https://mall.test").unwrap();
    keeps_the_contract(&adapter, &running).await;
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_webhook_says_when_it_happened_and_which_it_is() {
    let adapter = Razorpay::try_new(&settings("http://127.0.0.1:9"), "https://mall.test").unwrap();
    let (headers, body) = signed(SECRET, "order_1", "pay_1", Money::inr(100));
    let vouched = crate::provider::webhooks::Webhooks::vouch(&adapter, &headers, &body).unwrap();
    assert_eq!(vouched.event_id.as_deref(), Some("evt_1"));
    assert_eq!(vouched.said_at, Some(Timestamp::from_second(1_700_000_000).unwrap()));
}

//! A running sandbox with a client, and a merchant's endpoint that hears webhooks.

use std::collections::VecDeque;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use psp_sandbox::{Autopay, Config, Running, Sandbox};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

pub const KEY_ID: &str = "rzp_test_sandbox01";
pub const KEY_SECRET: &str = "EnLs21M47BllR3X8PSFtjtbd";
pub const WEBHOOK_SECRET: &str = "whsec_test_0001";
const DEADLINE: Duration = Duration::from_mins(1);

/// A folder of one test, gone afterwards.
pub struct Folder(PathBuf);

impl Folder {
    pub fn make() -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(uuid::Uuid::now_v7().to_string());
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn config(&self, webhook_url: Option<&str>) -> Config {
        Config {
            key_id: KEY_ID.into(),
            key_secret: KEY_SECRET.into(),
            webhook_secret: WEBHOOK_SECRET.into(),
            webhook_url: webhook_url.map(Into::into),
            ledger_file: self.file("ledger.jsonl"),
            autopay: Autopay::Off,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An answer: the status, and the body as JSON.
pub type Answer = (StatusCode, Value);

/// Talks to a sandbox.
pub struct Caller {
    url: String,
    client: Client,
}

impl Caller {
    pub fn new(url: &str) -> Self {
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { url: url.into(), client: client.build().unwrap() }
    }

    pub fn request_get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub fn request_post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request_get(path).basic_auth(KEY_ID, Some(KEY_SECRET))).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request_post(path).basic_auth(KEY_ID, Some(KEY_SECRET)).json(&body)).await
    }

    pub async fn ok(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.post(path, body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub async fn see(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// An order as the provider has it.
    pub async fn look(&self, order_id: &str) -> Value {
        self.see(&format!("/sandbox/orders/{order_id}")).await["order"].clone()
    }

    /// An order over `amount` paise; its id.
    pub async fn order(&self, amount: i64) -> String {
        let order = self.ok("/v1/orders", json!({"amount": amount, "currency": "INR"})).await;
        text(&order["id"])
    }

    /// A UPI payment that waits for the buyer; its id.
    pub async fn upi(&self, order_id: &str, amount: i64) -> String {
        let body = upi_request(order_id, amount);
        text(&self.ok("/v1/payments/create/upi", body).await["razorpay_payment_id"])
    }

    /// Decides what the order is to meet with; the plan.
    pub async fn plan(&self, order_id: &str, body: Value) -> Value {
        self.ok(&format!("/sandbox/orders/{order_id}/plan"), body).await
    }

    /// A payment of `amount` paise that was captured: its order and its id.
    pub async fn paid(&self, amount: i64) -> (String, String) {
        let order = self.order(amount).await;
        let payment = self.pay(&order, json!({"outcome": "captured"})).await;
        (order, text(&payment["id"]))
    }

    /// Asks for a refund under `key`.
    pub fn refund(&self, payment: &str, key: &str, body: &Value) -> RequestBuilder {
        let request = self.request_post(&format!("/v1/payments/{payment}/refund"));
        request.basic_auth(KEY_ID, Some(KEY_SECRET)).header("X-Refund-Idempotency", key).json(body)
    }

    /// Plays the buyer; the payment.
    pub async fn pay(&self, order_id: &str, body: Value) -> Value {
        self.ok(&format!("/sandbox/orders/{order_id}/pay"), body).await
    }
}

pub fn upi_request(order_id: &str, amount: i64) -> Value {
    json!({
        "amount": amount, "currency": "INR", "order_id": order_id, "method": "upi",
        "email": "buyer@example.com", "contact": "+919000090000", "ip": "192.0.2.7",
        "referer": "https://mall.test", "user_agent": "test", "upi": {"flow": "intent"},
    })
}

pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let bytes = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned()
}

/// Asserts a refusal in Razorpay's shape.
pub fn assert_refused((status, body): &Answer, expected: StatusCode) {
    assert_eq!(*status, expected, "{body}");
    assert_eq!(body["error"]["code"], "BAD_REQUEST_ERROR", "{body}");
    assert!(!text(&body["error"]["description"]).is_empty(), "{body}");
}

pub fn keys(entity: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = entity.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A running sandbox and its folder.
pub struct Stage {
    _folder: Folder,
    _running: Running,
    pub call: Caller,
}

impl Stage {
    /// A sandbox that tells nobody.
    pub async fn alone() -> Self {
        Self::with(|_| {}).await
    }

    /// A sandbox that tells `receiver`.
    pub async fn telling(receiver: &Receiver) -> Self {
        Self::with(|config| config.webhook_url = Some(receiver.url.clone())).await
    }

    pub async fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::make();
        let mut config = folder.config(None);
        adjust(&mut config);
        let running = Sandbox::start(config).await.unwrap();
        let call = Caller::new(running.url());
        Self { _folder: folder, _running: running, call }
    }
}

/// One webhook, as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub event_id: String,
    pub signature: String,
    pub raw: Vec<u8>,
    pub body: Value,
}

impl Heard {
    pub fn event(&self) -> String {
        text(&self.body["event"])
    }
}

/// A merchant's endpoint. It answers 200, or what it was told to answer next.
pub struct Receiver {
    pub url: String,
    heard: UnboundedReceiver<Heard>,
    answers: Answers,
}

type Answers = Arc<Mutex<VecDeque<StatusCode>>>;

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let (told, heard) = unbounded_channel();
        let answers = Answers::default();
        let routes = Router::new().route("/webhooks", post(hear));
        let routes = routes.with_state((told, Arc::clone(&answers)));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, heard, answers }
    }

    /// Answers the next webhooks with `statuses`, one after the other.
    pub fn answer(&self, statuses: &[StatusCode]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub async fn next(&mut self) -> Heard {
        timeout(DEADLINE, self.heard.recv()).await.expect("a webhook in time").unwrap()
    }

    pub async fn next_events(&mut self, count: usize) -> Vec<String> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next().await.event());
        }
        events
    }

    /// Whether everything that arrived was looked at.
    pub fn is_quiet(&mut self) -> bool {
        self.heard.try_recv().is_err()
    }
}

async fn hear(
    State((told, answers)): State<(UnboundedSender<Heard>, Answers)>,
    headers: HeaderMap,
    raw: Bytes,
) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let heard = Heard {
        event_id: header("x-razorpay-event-id"),
        signature: header("x-razorpay-signature"),
        body: serde_json::from_slice(&raw).unwrap(),
        raw: raw.to_vec(),
    };
    let answer = answers.lock().unwrap().pop_front().unwrap_or(StatusCode::OK);
    let _ = told.send(heard);
    answer
}

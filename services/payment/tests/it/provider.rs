//! A provider that is away, in trouble, or lies.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use contracts::cart::PaymentMethod;
use contracts::payment::{CreatePayment, PaymentCreated};
use jiff::SignedDuration;
use payment::App;
use psp_sandbox::Autopay;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;
use tokio::net::TcpListener;

use crate::stage::{Psp, ask, config};

/// A status, the answer to an order that is opened, and the answer to everything else.
type Script = (u16, Vec<u8>, Vec<u8>);

/// A provider that says what it is told to say.
struct Liar {
    url: String,
    script: Arc<Mutex<Script>>,
}

impl Liar {
    async fn start() -> Self {
        let script: Arc<Mutex<Script>> = Arc::default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { url, script }
    }

    fn say(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (status, order, rest) = script.lock().unwrap().clone();
    let body = if request.uri().path() == "/v1/orders" { order } else { rest };
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The order that was asked for, as an honest provider would answer, but for `change`.
fn order(ask: &CreatePayment, change: &Value) -> Vec<u8> {
    let receipt = ask.payment_id.as_uuid().simple().to_string();
    let mut order = json!({"id": "order_1", "amount": ask.amount.minor(), "currency": "INR",
                           "receipt": receipt, "status": "created"});
    order.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    order.to_string().into_bytes()
}

fn lies(ask: &CreatePayment) -> Vec<(&'static str, Script)> {
    let ok = |order, rest: &str| (200, order, rest.as_bytes().to_vec());
    let half = order(ask, &json!({}))[..40].to_vec();
    let link = "upi://pay?pa=thief@upi&pn=Mall&tr=1&am=2356.00&cu=INR";
    let begun = json!({"razorpay_payment_id": "pay_1", "link": link}).to_string();
    let paid = order(ask, &json!({"status": "paid"}));
    vec![
        ("it is in trouble", (500, Vec::new(), Vec::new())),
        ("it sends us elsewhere", (302, Vec::new(), Vec::new())),
        ("HTML", ok(b"<html>Sorry</html>".to_vec(), "")),
        ("half a JSON", ok(half, "")),
        ("a flood", ok(vec![b' '; 8 << 20], "")),
        ("a float", ok(order(ask, &json!({"amount": 235_600.0})), "")),
        ("a text", ok(order(ask, &json!({"amount": "235600"})), "")),
        ("another amount", ok(order(ask, &json!({"amount": 1})), "")),
        ("a link to a thief", ok(order(ask, &json!({})), &begun)),
        ("paid, but by nothing", ok(paid, r#"{"items": []}"#)),
    ]
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_talks_nonsense_is_asked_again_and_nothing_is_paid(pool: PgPool) {
    let liar = Liar::start().await;
    let app = TestApp::<App>::start(pool.clone(), config(&liar.url)).await;
    let ask = ask(PaymentMethod::Upi);
    app.deliver(ask.clone()).await;
    let path = format!("/v1/payments/{}", ask.payment_id);
    for (what, script) in lies(&ask) {
        liar.say(script);
        assert_eq!(app.run_jobs().await, 1, "{what}");
        assert!(app.emitted_names().await.is_empty(), "{what}");
        let buyer = app.as_user(ask.buyer);
        let view = buyer.get(&path).await.expect(200);
        assert_eq!((&view["status"], &view["upi_intent"]), (&json!("created"), &json!(null)));
        app.clock.advance(SignedDuration::from_mins(30));
    }

    // It has come to its senses.
    let psp = Psp::start(Autopay::Off).await;
    let honest = TestApp::<App>::start(pool, config(psp.running.url())).await;
    honest.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(honest.run_jobs().await, 1);
    assert_eq!(honest.emitted::<PaymentCreated>().await.len(), 1);
}

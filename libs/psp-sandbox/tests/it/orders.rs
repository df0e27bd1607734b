//! Orders: created once for each receipt, refused.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::stage::{KEY_ID, KEY_SECRET, Stage, assert_refused, keys, send, text};

#[tokio::test]
async fn a_new_order_is_a_whole_entity() {
    let stage = Stage::alone().await;
    let asked = json!({"amount": 149_900, "currency": "INR", "receipt": "CHK0001"});
    let order = stage.call.ok("/v1/orders", asked).await;

    assert_eq!(
        keys(&order),
        [
            "amount",
            "amount_due",
            "amount_paid",
            "attempts",
            "created_at",
            "currency",
            "entity",
            "id",
            "notes",
            "offer_id",
            "receipt",
            "status",
        ]
    );
    assert!(text(&order["id"]).starts_with("order_"));
    assert_eq!(order["amount_due"], 149_900);
    assert_eq!(order["status"], "created");
    assert_eq!(order["notes"], json!([]));
    assert!(order["created_at"].is_i64());
    assert_eq!(stage.call.look(&text(&order["id"])).await, order);
}

#[tokio::test]
async fn a_retried_create_gives_the_same_order() {
    let stage = Stage::alone().await;
    let asked = json!({"amount": 500, "currency": "INR", "receipt": "R1"});
    let first = stage.call.ok("/v1/orders", asked.clone()).await;
    assert_eq!(stage.call.ok("/v1/orders", asked).await, first);

    for other in
        [json!({"amount": 501, "currency": "INR"}), json!({"amount": 500, "currency": "USD"})]
    {
        let mut other = other;
        other["receipt"] = "R1".into();
        let answer = stage.call.post("/v1/orders", other).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
        assert_eq!(answer.1["error"]["field"], "receipt");
    }
}

#[tokio::test]
async fn creates_that_race_for_a_receipt_make_one_order() {
    let stage = Stage::alone().await;
    let asked = json!({"amount": 500, "currency": "INR", "receipt": "R1"});
    let (a, b, c, d) = tokio::join!(
        stage.call.ok("/v1/orders", asked.clone()),
        stage.call.ok("/v1/orders", asked.clone()),
        stage.call.ok("/v1/orders", asked.clone()),
        stage.call.ok("/v1/orders", asked.clone()),
    );
    assert!([&b, &c, &d].iter().all(|order| **order == a));
}

#[tokio::test]
async fn orders_without_a_receipt_are_all_different() {
    let stage = Stage::alone().await;
    assert_ne!(stage.call.order(100).await, stage.call.order(100).await);
}

#[tokio::test]
async fn bad_orders_are_refused() {
    let stage = Stage::alone().await;
    let good = json!({"amount": 100, "currency": "INR"});
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let bad = [
        json!({}),
        json!(null),
        json!([]),
        json!({"amount": 100}),
        json!({"currency": "INR"}),
        with("amount", json!(99)),
        with("amount", json!(-100)),
        with("amount", json!(100.5)),
        with("amount", json!("100")),
        with("amount", json!(i64::MAX)),
        with("amount", json!(u64::MAX)),
        with("currency", json!("inr")),
        with("currency", json!("XXX")),
        with("receipt", json!("")),
        with("receipt", json!("x".repeat(41))),
        with("receipt", json!(1)),
        with("payment_capture", json!(false)),
        with("partial_payment", json!(true)),
    ];
    for body in bad {
        assert_refused(&stage.call.post("/v1/orders", body).await, StatusCode::BAD_REQUEST);
    }
    for raw in ["", "{", "amount=100&currency=INR", &"x".repeat(70_000)] {
        let request = stage.call.request_post("/v1/orders").body(raw.to_owned());
        let answer = send(request.basic_auth(KEY_ID, Some(KEY_SECRET))).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn an_unknown_order_is_refused_as_razorpay_does() {
    let stage = Stage::alone().await;
    for path in ["/v1/orders/order_x/payments", "/v1/orders/%FF/payments"] {
        assert_refused(&stage.call.get(path).await, StatusCode::BAD_REQUEST);
    }
    let answer = stage.call.get("/sandbox/orders/order_x").await;
    assert_refused(&answer, StatusCode::NOT_FOUND);
}

//! Refunds: never more than was captured, once for each key.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::stage::{Answer, Receiver, Stage, assert_refused, keys, send, text};

async fn refund(stage: &Stage, payment: &str, key: &str, body: Value) -> Answer {
    send(stage.call.refund(payment, key, &body)).await
}

#[tokio::test]
async fn a_partial_refund_leaves_the_rest_and_a_paid_order() {
    let stage = Stage::alone().await;
    let (order, payment) = stage.call.paid(5_000).await;
    let (status, made) = refund(&stage, &payment, "refund-0001", json!({"amount": 2_000})).await;

    assert_eq!(status, StatusCode::OK, "{made}");
    assert_eq!(
        keys(&made),
        [
            "acquirer_data",
            "amount",
            "batch_id",
            "created_at",
            "currency",
            "entity",
            "id",
            "notes",
            "payment_id",
            "receipt",
            "speed_processed",
            "speed_requested",
            "status",
        ]
    );
    assert_eq!((&made["amount"], &made["status"]), (&json!(2_000), &json!("processed")));
    let payment = stage.call.see(&format!("/v1/payments/{payment}")).await;
    assert_eq!(payment["status"], "captured");
    assert_eq!(
        (&payment["amount_refunded"], &payment["refund_status"]),
        (&json!(2_000), &json!("partial"))
    );
    assert_eq!(stage.call.look(&order).await["status"], "paid");

    let ledger = stage.call.see("/sandbox/ledger").await;
    assert_eq!(ledger["refunds"][0]["refund_id"], made["id"]);
    assert_eq!(ledger["totals"]["INR"], json!({"captured": 5_000, "refunded": 2_000, "fees": 0}));
}

#[tokio::test]
async fn a_refund_of_everything_shows_on_the_payment() {
    let stage = Stage::alone().await;
    let (_, payment) = stage.call.paid(5_000).await;
    let (_, made) = refund(&stage, &payment, "refund-0001", json!({})).await;
    assert_eq!(made["amount"], 5_000);
    let payment = stage.call.see(&format!("/v1/payments/{payment}")).await;
    assert_eq!(
        (&payment["status"], &payment["refund_status"]),
        (&json!("refunded"), &json!("full"))
    );
}

#[tokio::test]
async fn one_key_is_one_refund() {
    let stage = Stage::alone().await;
    let (_, payment) = stage.call.paid(5_000).await;
    let (first, second, third) = tokio::join!(
        refund(&stage, &payment, "refund-0001", json!({"amount": 2_000})),
        refund(&stage, &payment, "refund-0001", json!({"amount": 2_000})),
        refund(&stage, &payment, "refund-0001", json!({"amount": 2_000})),
    );
    assert_eq!(first.0, StatusCode::OK);
    assert!(first == second && second == third);

    let other = refund(&stage, &payment, "refund-0001", json!({"amount": 2_001})).await;
    assert_refused(&other, StatusCode::BAD_REQUEST);
    let list = stage.call.see(&format!("/v1/payments/{payment}/refunds")).await;
    assert_eq!(list["count"], 1);
    assert_eq!(stage.call.see(&format!("/v1/refunds/{}", text(&first.1["id"]))).await, first.1);
}

#[tokio::test]
async fn refunds_never_exceed_the_capture() {
    let stage = Stage::alone().await;
    let (_, payment) = stage.call.paid(5_000).await;
    assert_eq!(
        refund(&stage, &payment, "refund-0001", json!({"amount": 3_000})).await.0,
        StatusCode::OK
    );
    let over = refund(&stage, &payment, "refund-0002", json!({"amount": 2_001})).await;
    assert_refused(&over, StatusCode::BAD_REQUEST);
    assert_eq!(
        refund(&stage, &payment, "refund-0003", json!({"amount": 2_000})).await.0,
        StatusCode::OK
    );
    let empty = refund(&stage, &payment, "refund-0004", json!({})).await;
    assert_refused(&empty, StatusCode::BAD_REQUEST);
    let list = stage.call.see(&format!("/v1/payments/{payment}/refunds")).await;
    assert_eq!(list["count"], 2);
}

#[tokio::test]
async fn a_receipt_is_one_refund_of_a_payment() {
    let stage = Stage::alone().await;
    let (_, payment) = stage.call.paid(5_000).await;
    let (_, other) = stage.call.paid(5_000).await;
    let body = json!({"amount": 1_000, "receipt": "R1", "notes": {"part": "M1-1"}});
    let (_, made) = refund(&stage, &payment, "refund-0001", body.clone()).await;
    assert_eq!((&made["receipt"], &made["notes"]), (&json!("R1"), &json!({"part": "M1-1"})));
    let again = refund(&stage, &payment, "refund-0002", body.clone()).await;
    assert_refused(&again, StatusCode::BAD_REQUEST);
    assert_eq!(refund(&stage, &other, "refund-0003", body).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_fast_refund_that_is_not_says_so() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (_, payment) = stage.call.paid(5_000).await;
    receiver.next_events(3).await;
    let (_, made) = refund(&stage, &payment, "refund-0001", json!({"speed": "optimum"})).await;
    assert_eq!(
        (&made["speed_requested"], &made["speed_processed"]),
        (&json!("optimum"), &json!("normal"))
    );
    assert_eq!(
        receiver.next_events(3).await,
        ["refund.created", "refund.speed_changed", "refund.processed"]
    );
}

#[tokio::test]
async fn bad_refunds_are_refused() {
    let stage = Stage::alone().await;
    let (_, payment) = stage.call.paid(5_000).await;
    for key in ["short", "has a space in it", "k\u{e9}y-of-ten-or-more"] {
        assert_refused(&refund(&stage, &payment, key, json!({})).await, StatusCode::BAD_REQUEST);
    }
    for body in [
        json!({"amount": 99}),
        json!({"amount": -1}),
        json!({"amount": "1"}),
        json!({"x": 1}),
        json!({"notes": {"n": "x".repeat(513)}}),
    ] {
        let answer = refund(&stage, &payment, "refund-0001", body).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }

    let order = stage.call.order(5_000).await;
    let pending = stage.call.upi(&order, 5_000).await;
    let unpaid = refund(&stage, &pending, "refund-0001", json!({})).await;
    assert_refused(&unpaid, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_refund_is_told_twice() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (_, payment) = stage.call.paid(5_000).await;
    receiver.next_events(3).await;
    let (_, made) = refund(&stage, &payment, "refund-0001", json!({"amount": 2_000})).await;

    let (created, processed) = (receiver.next().await, receiver.next().await);
    assert_eq!(
        (created.event(), processed.event()),
        ("refund.created".into(), "refund.processed".into())
    );
    assert_eq!(processed.body["contains"], json!(["refund", "payment"]));
    assert_eq!(processed.body["payload"]["refund"]["entity"], made);
    assert_eq!(processed.body["payload"]["payment"]["entity"]["amount_refunded"], 2_000);
}

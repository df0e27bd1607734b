//! A buyer's bank asks money back.

use axum::http::StatusCode;
use serde_json::json;

use crate::stage::{Receiver, Stage, assert_refused};

#[tokio::test]
async fn a_dispute_is_told_of_and_decided_once() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (order, payment) = stage.call.paid(5_000).await;
    receiver.next_events(3).await;

    let open = format!("/sandbox/payments/{payment}/dispute");
    assert_refused(
        &stage.call.post(&open, json!({"amount": 5_001})).await,
        StatusCode::BAD_REQUEST,
    );
    let dispute = stage.call.ok(&open, json!({})).await;
    assert_eq!((&dispute["amount"], &dispute["status"]), (&json!(5_000), &json!("open")));
    assert_eq!(receiver.next_events(1).await, ["payment.dispute.created"]);

    let decide = format!("/sandbox/disputes/{}/decide", dispute["id"].as_str().unwrap());
    let lost = stage.call.ok(&decide, json!({"outcome": "lost"})).await;
    assert_eq!((&lost["status"], &lost["amount_deducted"]), (&json!("lost"), &json!(5_000)));
    assert_eq!(receiver.next_events(1).await, ["payment.dispute.lost"]);
    assert_refused(
        &stage.call.post(&decide, json!({"outcome": "won"})).await,
        StatusCode::BAD_REQUEST,
    );
    let ledger = stage.call.see("/sandbox/ledger").await;
    assert_eq!(ledger["disputes"], json!([lost]));
    assert_eq!(stage.call.look(&order).await["status"], "paid");
}

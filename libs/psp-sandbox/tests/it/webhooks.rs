//! Webhooks: what they say, that they arrive, and every way they misbehave.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::stage::{Heard, Receiver, Stage, WEBHOOK_SECRET, assert_refused, text};

const PAID: [&str; 3] = ["payment.authorized", "payment.captured", "order.paid"];

fn is_genuine(heard: &Heard) -> bool {
    let mut keyed = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).unwrap();
    keyed.update(&heard.raw);
    hex::decode(&heard.signature).is_ok_and(|signature| keyed.verify_slice(&signature).is_ok())
}

#[tokio::test]
async fn a_capture_is_told_in_three_signed_events() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    let paid = stage.call.pay(&order, json!({"outcome": "captured"})).await;
    let heard = [receiver.next().await, receiver.next().await, receiver.next().await];

    assert_eq!(heard.each_ref().map(Heard::event), PAID);
    assert!(heard.iter().all(is_genuine));
    assert!(heard[0].event_id != heard[1].event_id && heard[1].event_id != heard[2].event_id);

    let [authorized, captured, order_paid] = heard;
    assert_eq!(authorized.body["payload"]["payment"]["entity"]["status"], "authorized");
    assert_eq!(captured.body["entity"], "event");
    assert!(captured.body["account_id"].is_string() && captured.body["created_at"].is_i64());
    assert_eq!(captured.body["contains"], json!(["payment"]));
    assert_eq!(captured.body["payload"]["payment"]["entity"], paid);
    assert_eq!(order_paid.body["contains"], json!(["payment", "order"]));
    let order = stage.call.look(&order).await;
    assert_eq!(order_paid.body["payload"]["order"]["entity"], order);
}

#[tokio::test]
async fn a_failure_and_its_late_success_are_told() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    stage.call.pay(&order, json!({"outcome": "failed"})).await;
    assert_eq!(receiver.next().await.event(), "payment.failed");
    stage.call.pay(&order, json!({"outcome": "captured"})).await;
    assert_eq!(receiver.next_events(3).await, PAID);
}

#[tokio::test]
async fn copies_are_the_same_to_the_byte() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    stage.call.pay(&order, json!({"outcome": "failed", "webhook": {"copies": 3}})).await;
    let first = receiver.next().await;
    assert_eq!(receiver.next().await, first);
    assert_eq!(receiver.next().await, first);
    assert!(is_genuine(&first));
}

#[tokio::test]
async fn reordered_events_come_last_first() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    stage.call.pay(&order, json!({"outcome": "captured", "webhook": {"reorder": true}})).await;
    let reversed: Vec<_> = PAID.into_iter().rev().collect();
    assert_eq!(receiver.next_events(3).await, reversed);
}

#[tokio::test]
async fn lost_events_never_come_but_the_payment_is_captured() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    let paid =
        stage.call.pay(&order, json!({"outcome": "captured", "webhook": {"lose": true}})).await;
    assert_eq!(paid["status"], "captured");

    let seen = stage.call.see(&format!("/sandbox/orders/{order}")).await;
    let webhooks = seen["webhooks"].as_array().unwrap();
    assert_eq!(webhooks.len(), 3);
    assert!(webhooks.iter().all(|webhook| webhook["open_deliveries"] == 0));

    let other = stage.call.order(100).await;
    stage.call.pay(&other, json!({"outcome": "failed"})).await;
    let heard = receiver.next().await;
    assert_eq!(heard.body["payload"]["payment"]["entity"]["order_id"], other.as_str());
}

#[tokio::test]
async fn forged_events_have_a_wrong_signature_and_are_not_repeated() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    receiver.answer(&[StatusCode::UNAUTHORIZED; 3]);
    stage.call.pay(&order, json!({"outcome": "captured", "webhook": {"forge": true}})).await;
    for expected in PAID {
        let heard = receiver.next().await;
        assert_eq!(heard.event(), expected);
        assert!(!is_genuine(&heard));
    }

    // The answers to the forged events were used up, so a repeated one would come before these.
    let other = stage.call.order(100).await;
    receiver.answer(&[StatusCode::SERVICE_UNAVAILABLE]);
    stage.call.pay(&other, json!({"outcome": "failed"})).await;
    let (refused, accepted) = (receiver.next().await, receiver.next().await);
    assert_eq!(refused, accepted);
    assert!(is_genuine(&accepted));
}

#[tokio::test]
async fn a_forged_claim_says_paid_while_the_books_say_pending() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    let payment = stage.call.upi(&order, 5_000).await;
    stage.call.pay(&order, json!({"outcome": "none", "webhook": {"forge": true}})).await;

    receiver.next().await;
    let claim = receiver.next().await;
    assert!(!is_genuine(&claim));
    assert_eq!(claim.body["payload"]["payment"]["entity"]["id"], payment.as_str());
    assert_eq!(claim.body["payload"]["payment"]["entity"]["status"], "captured");
    let truth = stage.call.see(&format!("/v1/payments/{payment}")).await;
    assert_eq!(truth["status"], "created");
    assert_eq!(stage.call.see("/sandbox/ledger").await["captures"], json!([]));
}

#[tokio::test]
async fn delayed_events_come_later() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    let begin = Instant::now();
    stage.call.pay(&order, json!({"outcome": "failed", "webhook": {"delay_ms": 300}})).await;
    receiver.next().await;
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_refused_event_comes_again_unchanged_until_it_is_accepted() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let order = stage.call.order(5_000).await;
    receiver.answer(&[StatusCode::INTERNAL_SERVER_ERROR, StatusCode::FOUND]);
    stage.call.pay(&order, json!({"outcome": "failed"})).await;
    let first = receiver.next().await;
    assert_eq!(receiver.next().await, first);
    assert_eq!(receiver.next().await, first);
    assert!(is_genuine(&first));
}

#[tokio::test]
async fn the_receiver_can_be_named_later() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    stage.call.pay(&order, json!({"outcome": "failed"})).await;
    let mut receiver = Receiver::start().await;
    let set = stage.call.ok("/sandbox/webhook-url", json!({"url": receiver.url})).await;
    assert_eq!(text(&set["url"]), receiver.url);
    assert_eq!(receiver.next().await.event(), "payment.failed");
    assert!(receiver.is_quiet());

    for bad in [json!({"url": "ftp://x"}), json!({"url": "x"}), json!({"uri": "http://x"})] {
        let answer = stage.call.post("/sandbox/webhook-url", bad).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
}

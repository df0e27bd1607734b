//! Only the merchant's key opens `/v1`.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::stage::{KEY_ID, KEY_SECRET, Stage, assert_refused, send};

#[tokio::test]
async fn anything_but_the_exact_key_is_refused() {
    let stage = Stage::alone().await;
    let right = STANDARD.encode(format!("{KEY_ID}:{KEY_SECRET}"));
    let wrong = STANDARD.encode(format!("{KEY_ID}:{KEY_SECRET}x"));
    let empty = STANDARD.encode(format!("{KEY_ID}:"));
    let headers = [
        String::new(),
        "Basic".to_owned(),
        format!("Basic {wrong}"),
        format!("Basic {empty}"),
        format!("basic {right}"),
        format!("Basic  {right}"),
        format!("Bearer {right}"),
        format!("Basic {KEY_ID}:{KEY_SECRET}"),
        "Basic \u{fffd}".to_owned(),
    ];
    for header in headers {
        let answer =
            send(stage.call.request_get("/v1/orders").header("authorization", &header)).await;
        assert_refused(&answer, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn nothing_under_v1_is_open() {
    let stage = Stage::alone().await;
    for path in ["/v1/orders", "/v1/payments/pay_1", "/v1/refunds/rfnd_1", "/v1/nothing"] {
        assert_refused(&send(stage.call.request_get(path)).await, StatusCode::UNAUTHORIZED);
        assert_refused(&send(stage.call.request_post(path)).await, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_key_opens_it() {
    let stage = Stage::alone().await;
    let order = stage.call.order(100).await;
    let payments = stage.call.see(&format!("/v1/orders/{order}/payments")).await;
    assert_eq!(payments["count"], 0);
    assert_refused(&stage.call.get("/v1/nothing").await, StatusCode::NOT_FOUND);
    assert_refused(&stage.call.get("/v1/orders").await, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn health_needs_no_key() {
    let stage = Stage::alone().await;
    let (status, body) = send(stage.call.request_get("/healthz")).await;
    assert_eq!((status, &body["status"]), (StatusCode::OK, &"ok".into()));
}

//! Payments: begun, approved, declined, late, captured once.

use axum::http::StatusCode;
use psp_sandbox::Autopay;
use serde_json::json;

use crate::stage::{Stage, assert_refused, keys, text, upi_request};

#[tokio::test]
async fn the_intent_flow_gives_a_link_for_exactly_this_payment() {
    let stage = Stage::alone().await;
    let order = stage.call.order(149_905).await;
    let begun = stage.call.ok("/v1/payments/create/upi", upi_request(&order, 149_905)).await;
    let id = text(&begun["razorpay_payment_id"]);

    let link = text(&begun["link"]);
    let reference = id.strip_prefix("pay_").unwrap();
    assert!(link.starts_with("upi://pay?pa="), "{link}");
    assert!(link.contains(&format!("&tr={reference}&")), "{link}");
    assert!(link.ends_with("&am=1499.05&cu=INR"), "{link}");

    let payment = stage.call.see(&format!("/v1/payments/{id}")).await;
    assert_eq!(payment["status"], "created");
    assert_eq!(payment["captured"], false);
    assert_eq!(payment["fee"], json!(null));
    assert_eq!(payment["notes"], json!([]));
    assert_eq!(
        keys(&payment),
        [
            "acquirer_data",
            "amount",
            "amount_refunded",
            "bank",
            "captured",
            "card_id",
            "contact",
            "created_at",
            "currency",
            "description",
            "email",
            "entity",
            "error_code",
            "error_description",
            "error_reason",
            "error_source",
            "error_step",
            "fee",
            "id",
            "international",
            "invoice_id",
            "method",
            "notes",
            "order_id",
            "refund_status",
            "status",
            "tax",
            "upi",
            "vpa",
            "wallet",
        ]
    );
    assert_eq!(stage.call.look(&order).await["status"], "attempted");
}

#[tokio::test]
async fn an_approved_payment_pays_the_order_for_nothing() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let id = stage.call.upi(&order, 5_000).await;
    let paid = stage.call.pay(&order, json!({"outcome": "captured"})).await;

    assert_eq!(paid["id"], id.as_str());
    assert_eq!(paid["status"], "captured");
    assert_eq!((&paid["fee"], &paid["tax"]), (&json!(0), &json!(0)));
    assert_eq!(text(&paid["acquirer_data"]["rrn"]).len(), 12);
    assert_eq!(paid["upi"]["vpa"], paid["vpa"]);
    assert_eq!(stage.call.see(&format!("/v1/payments/{id}")).await, paid);

    let after = stage.call.look(&order).await;
    assert_eq!((&after["status"], &after["amount_due"]), (&json!("paid"), &json!(0)));
    let again = stage.call.post("/v1/payments/create/upi", upi_request(&order, 5_000)).await;
    assert_refused(&again, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_declined_payment_may_be_approved_late() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let id = stage.call.upi(&order, 5_000).await;

    let failed = stage.call.pay(&order, json!({"outcome": "failed"})).await;
    assert_eq!((&failed["id"], &failed["status"]), (&json!(id), &json!("failed")));
    assert_eq!(failed["error_reason"], "payment_cancelled");

    let late = stage.call.pay(&order, json!({"outcome": "captured"})).await;
    assert_eq!((&late["id"], &late["status"]), (&json!(id), &json!("captured")));
    assert_eq!(late["error_reason"], json!(null));
}

#[tokio::test]
async fn a_buyer_may_decline_retry_and_still_be_debited_twice() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let first = stage.call.upi(&order, 5_000).await;
    stage.call.pay(&order, json!({"outcome": "failed"})).await;
    let second = stage.call.upi(&order, 5_000).await;
    stage.call.plan(&order, json!({"second": "captured"})).await;
    stage.call.pay(&order, json!({"outcome": "captured"})).await;
    stage.call.pay(&order, json!({"outcome": "captured", "payment_id": first})).await;

    let ledger = stage.call.see("/sandbox/ledger").await;
    let captured: Vec<_> =
        ledger["captures"].as_array().unwrap().iter().map(|row| text(&row["payment_id"])).collect();
    assert_eq!(captured, [second, first]);
    assert_eq!(ledger["captures"][0]["order_id"], order.as_str());
    assert_eq!(ledger["totals"]["INR"]["captured"], 10_000);

    let payments = stage.call.see(&format!("/v1/orders/{order}/payments")).await;
    assert_eq!(payments["count"], 2);
}

#[tokio::test]
async fn a_settled_payment_cannot_be_played_again() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let id = text(&stage.call.pay(&order, json!({"outcome": "captured"})).await["id"]);
    for outcome in ["captured", "failed"] {
        let body = json!({"outcome": outcome, "payment_id": id});
        let answer = stage.call.post(&format!("/sandbox/orders/{order}/pay"), body).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn the_bank_may_take_another_amount() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    stage.call.upi(&order, 5_000).await;
    let paid = stage.call.pay(&order, json!({"outcome": "captured", "amount": 4_000})).await;
    assert_eq!(paid["amount"], 4_000);
    let order = stage.call.look(&order).await;
    assert_eq!((&order["status"], &order["amount_due"]), (&json!("attempted"), &json!(1_000)));
}

#[tokio::test]
async fn a_buyer_who_does_nothing_leaves_the_payment_pending() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let id = stage.call.upi(&order, 5_000).await;
    let seen = stage.call.pay(&order, json!({"outcome": "none"})).await;
    assert_eq!((&seen["id"], &seen["status"]), (&json!(id), &json!("created")));
}

#[tokio::test]
async fn autopay_pays_upi_at_once() {
    let stage = Stage::with(|config| config.autopay = Autopay::Captured).await;
    let order = stage.call.order(5_000).await;
    let id = stage.call.upi(&order, 5_000).await;
    assert_eq!(stage.call.see(&format!("/v1/payments/{id}")).await["status"], "captured");
    assert_eq!(stage.call.look(&order).await["status"], "paid");
}

#[tokio::test]
async fn bad_payments_are_refused() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let dollars = json!({"amount": 5_000, "currency": "USD"});
    let dollars = text(&stage.call.ok("/v1/orders", dollars).await["id"]);
    let with = |name: &str, value: serde_json::Value| {
        let mut body = upi_request(&order, 5_000);
        body[name] = value;
        body
    };
    let mut in_dollars = upi_request(&dollars, 5_000);
    in_dollars["currency"] = "USD".into();
    let bad = [
        in_dollars,
        with("amount", json!(4_999)),
        with("currency", json!("USD")),
        with("order_id", json!(null)),
        with("order_id", json!("order_x")),
        with("method", json!("card")),
        with("method", json!("cash")),
        with("upi", json!(null)),
        with("upi", json!({"flow": "collect", "vpa": "success@razorpay"})),
        with("card", json!({"number": "1"})),
    ];
    for body in bad {
        let answer = stage.call.post("/v1/payments/create/upi", body).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
    let payments = stage.call.see(&format!("/v1/orders/{order}/payments")).await;
    assert_eq!(payments["count"], 0);
    assert_refused(&stage.call.get("/v1/payments/pay_x").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bad_moves_of_the_buyer_are_refused() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let bad = [
        json!({}),
        json!({"outcome": "maybe"}),
        json!({"outcome": "captured", "amount": 0}),
        json!({"outcome": "captured", "amount": -5}),
        json!({"outcome": "captured", "colour": "red"}),
        json!({"outcome": "captured", "webhook": {"copies": 0}}),
        json!({"outcome": "captured", "webhook": {"copies": 101}}),
        json!({"outcome": "captured", "webhook": {"delay_ms": 86_400_001}}),
        json!({"outcome": "captured", "webhook": {"lose": true, "forge": true}}),
    ];
    for body in bad {
        let answer = stage.call.post(&format!("/sandbox/orders/{order}/pay"), body).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
    let missing = stage.call.post("/sandbox/orders/order_x/pay", json!({"outcome": "none"})).await;
    assert_refused(&missing, StatusCode::NOT_FOUND);
    let payments = stage.call.see(&format!("/v1/orders/{order}/payments")).await;
    assert_eq!(payments["count"], 0);
}

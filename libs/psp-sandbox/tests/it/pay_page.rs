//! The page that plays the buyer's UPI app.

use axum::http::StatusCode;
use reqwest::Response;
use serde_json::json;

use crate::stage::{Stage, text};

async fn open(stage: &Stage, order: &str) -> Response {
    stage.call.request_get(&format!("/pay/{order}")).send().await.unwrap()
}

async fn press(stage: &Stage, order: &str, form: &'static str) -> Response {
    let request = stage.call.request_post(&format!("/pay/{order}"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(form).send().await.unwrap()
}

#[tokio::test]
async fn the_page_shows_payee_amount_code_and_buttons() {
    let stage = Stage::alone().await;
    let order = stage.call.order(14_990_000).await;
    stage.call.upi(&order, 14_990_000).await;
    let page = open(&stage, &order).await;

    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    let html = page.text().await.unwrap();
    for shown in
        ["mall@upi", "₹1,49,900.00", "<svg", "upi://pay?pa=mall@upi&amp;", "approve", "decline"]
    {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("<style") && !html.contains("style="));
}

#[tokio::test]
async fn what_the_merchant_wrote_is_text_and_not_markup() {
    let stage = Stage::alone().await;
    let asked =
        json!({"amount": 100, "currency": "INR", "receipt": "\"><script>alert(1)</script>"});
    let order = text(&stage.call.ok("/v1/orders", asked).await["id"]);
    let html = open(&stage, &order).await.text().await.unwrap();
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
}

#[tokio::test]
async fn approving_pays_once() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let payment = stage.call.upi(&order, 5_000).await;
    let answer = press(&stage, &order, "decision=approve").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], format!("/pay/{order}"));

    assert_eq!(stage.call.see(&format!("/v1/payments/{payment}")).await["status"], "captured");
    let html = open(&stage, &order).await.text().await.unwrap();
    assert!(html.contains("Paid.") && !html.contains("<form"), "{html}");
    assert_eq!(press(&stage, &order, "decision=approve").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(stage.call.see("/sandbox/ledger").await["totals"]["INR"]["captured"], 5_000);
}

#[tokio::test]
async fn declining_fails_the_payment_and_leaves_the_buttons() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    let payment = stage.call.upi(&order, 5_000).await;
    assert_eq!(press(&stage, &order, "decision=decline").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(stage.call.see(&format!("/v1/payments/{payment}")).await["status"], "failed");
    assert!(open(&stage, &order).await.text().await.unwrap().contains("<form"));
}

#[tokio::test]
async fn nonsense_is_refused() {
    let stage = Stage::alone().await;
    let order = stage.call.order(5_000).await;
    for form in ["", "decision=maybe", "decision=approve&amount=1"] {
        assert_eq!(press(&stage, &order, form).await.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(open(&stage, "order_x").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(press(&stage, "order_x", "decision=approve").await.status(), StatusCode::NOT_FOUND);
    let style = stage.call.request_get("/assets/pay.css").send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}

//! What goes to the merchant's bank.

use axum::http::StatusCode;
use jiff::ToSpan;
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::stage::{Stage, assert_refused, text};

const DAYS: i64 = 7;

/// Everything that was settled in the week that passes.
async fn settled(stage: &Stage, more: &str) -> Vec<Value> {
    let first = jiff::tz::Offset::UTC.to_datetime(SystemClock.now()).date();
    stage.call.ok("/sandbox/clock", json!({"shift_s": (DAYS + 1) * 86_400})).await;
    let mut rows = Vec::new();
    for days in 0..=DAYS {
        let day = first.checked_add(days.days()).unwrap();
        let (year, month, on) = (day.year(), day.month(), day.day());
        let path = format!(
            "/v1/settlements/recon/combined?year={year}&month={month:02}&day={on:02}{more}"
        );
        rows.extend(stage.call.see(&path).await["items"].as_array().unwrap().clone());
    }
    rows
}

#[tokio::test]
async fn what_moved_is_settled_once_less_the_fee() {
    let stage = Stage::alone().await;
    let order = stage.call.order(434_500).await;
    stage.call.plan(&order, json!({"fee_bp": 200})).await;
    let paid = stage.call.pay(&order, json!({"outcome": "captured"})).await;
    assert_eq!((&paid["fee"], &paid["tax"]), (&json!(10_254), &json!(1_564)));
    let payment = text(&paid["id"]);
    let refund =
        stage.call.ok(&format!("/v1/payments/{payment}/refund"), json!({"amount": 500})).await;
    let open = format!("/sandbox/payments/{payment}/dispute");
    let dispute = stage.call.ok(&open, json!({"amount": 700})).await;
    let decide = format!("/sandbox/disputes/{}/decide", text(&dispute["id"]));
    stage.call.ok(&decide, json!({"outcome": "won"})).await;
    // Never the merchant's: it went back at once.
    stage.call.pay(&order, json!({"outcome": "captured"})).await;

    let rows = settled(&stage, "").await;
    let told: Vec<_> =
        rows.iter().map(|row| (&row["type"], &row["debit"], &row["credit"])).collect();
    assert_eq!(
        told,
        [
            (&json!("payment"), &json!(0), &json!(424_246)),
            (&json!("refund"), &json!(500), &json!(0)),
            (&json!("adjustment"), &json!(700), &json!(0)),
            (&json!("adjustment"), &json!(0), &json!(700)),
        ]
    );
    assert_eq!((&rows[0]["entity_id"], &rows[1]["entity_id"]), (&paid["id"], &refund["id"]));
    assert_eq!((&rows[0]["fee"], &rows[0]["tax"]), (&json!(10_254), &json!(1_564)));
    assert_eq!((&rows[2]["dispute_id"], &rows[3]["dispute_id"]), (&dispute["id"], &dispute["id"]));
    assert!(rows.iter().all(|row| row["settlement_id"] == rows[0]["settlement_id"]));
    let page = settled(&stage, "&count=2&skip=1").await;
    assert_eq!(page, rows[1..3]);
}

#[tokio::test]
async fn days_that_are_none_are_refused() {
    let stage = Stage::alone().await;
    for query in [
        "year=2026&month=13&day=1",
        "year=2026&month=2&day=30",
        "year=2026&month=2&day=1&count=0",
        "year=9999&month=1&day=1",
    ] {
        let path = format!("/v1/settlements/recon/combined?{query}");
        assert_refused(&stage.call.get(&path).await, StatusCode::BAD_REQUEST);
    }
}

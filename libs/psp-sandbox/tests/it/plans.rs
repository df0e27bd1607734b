//! Plans: refunds that wait, fail, are refused or end in silence, and a second payment of a paid order.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::stage::{Answer, Folder, Receiver, Stage, assert_refused, send, text};

const KEY: &str = "refund-0001";

async fn refund(stage: &Stage, payment: &str, key: &str) -> Answer {
    send(stage.call.refund(payment, key, &json!({"amount": 2_000}))).await
}

/// A paid order whose refunds are answered so: the order and the payment.
async fn planned(stage: &Stage, refund: Value) -> (String, String) {
    let (order, payment) = stage.call.paid(5_000).await;
    stage.call.plan(&order, json!({"refund": refund})).await;
    (order, payment)
}

async fn given_back(stage: &Stage, payment: &str) -> (Value, Value) {
    let payment = stage.call.see(&format!("/v1/payments/{payment}")).await;
    (payment["amount_refunded"].clone(), payment["refund_status"].clone())
}

#[tokio::test]
async fn a_pending_refund_is_processed_when_the_bank_says_so() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (_, payment) = planned(&stage, json!({"answer": "pending"})).await;
    receiver.next_events(3).await;
    let (status, made) = refund(&stage, &payment, KEY).await;
    assert_eq!((status, &made["status"]), (StatusCode::OK, &json!("pending")));
    assert_eq!(made["acquirer_data"], json!({"arn": null}));
    assert_eq!(given_back(&stage, &payment).await, (json!(2_000), json!("partial")));

    let settle = format!("/sandbox/refunds/{}/settle", text(&made["id"]));
    let settled = stage.call.ok(&settle, json!({"outcome": "processed"})).await;
    assert_eq!(settled["status"], "processed");
    assert_eq!(text(&settled["acquirer_data"]["arn"]).len(), 12);
    assert_eq!(stage.call.see(&format!("/v1/refunds/{}", text(&made["id"]))).await, settled);
    assert_eq!(refund(&stage, &payment, KEY).await.1, made, "one key, one answer");
    assert_eq!(receiver.next_events(2).await, ["refund.created", "refund.processed"]);

    let again = stage.call.post(&settle, json!({"outcome": "failed"})).await;
    assert_refused(&again, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_pending_refund_that_fails_can_be_tried_anew() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (_, payment) = planned(&stage, json!({"answer": "pending", "times": 1})).await;
    receiver.next_events(3).await;
    let (_, made) = refund(&stage, &payment, KEY).await;
    let settle = format!("/sandbox/refunds/{}/settle", text(&made["id"]));
    let body = json!({"outcome": "failed", "webhook": {"copies": 2}});
    assert_eq!(stage.call.ok(&settle, body).await["status"], "failed");
    assert_eq!(given_back(&stage, &payment).await, (json!(0), json!(null)));
    let events = receiver.next_events(3).await;
    assert_eq!(events, ["refund.created", "refund.failed", "refund.failed"]);

    let (_, next) = refund(&stage, &payment, "refund-0002").await;
    assert_eq!(next["status"], "processed");
    assert_ne!(next["id"], made["id"]);
    let list = stage.call.see(&format!("/v1/payments/{payment}/refunds")).await;
    let statuses: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|r| text(&r["status"])).collect();
    assert_eq!(statuses, ["processed", "failed"]);

    let ledger = stage.call.see("/sandbox/ledger").await;
    assert_eq!(ledger["refunds"][0]["status"], "failed");
    assert_eq!(ledger["refunds"][1]["status"], "processed");
    assert_eq!(ledger["totals"]["INR"]["refunded"], 2_000, "what failed did not go back");
}

#[tokio::test]
async fn a_refund_may_be_accepted_and_fail_by_itself() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (_, payment) = planned(&stage, json!({"answer": "failed_later", "times": 1})).await;
    receiver.next_events(3).await;
    let (status, made) = refund(&stage, &payment, KEY).await;
    assert_eq!((status, &made["status"]), (StatusCode::OK, &json!("pending")));

    assert_eq!(receiver.next().await.event(), "refund.created");
    let failed = receiver.next().await;
    assert_eq!(failed.event(), "refund.failed");
    assert_eq!(failed.body["payload"]["refund"]["entity"]["status"], "failed");
    assert_eq!(failed.body["payload"]["payment"]["entity"]["amount_refunded"], 0);
    assert_eq!(refund(&stage, &payment, "refund-0002").await.1["status"], "processed");
}

#[tokio::test]
async fn refusals_give_nothing_back_and_last_as_long_as_planned() {
    let stage = Stage::alone().await;
    let plans = [
        ("refused", StatusCode::BAD_REQUEST, "Refund is not supported by the bank"),
        ("no_balance", StatusCode::BAD_REQUEST, "Your account does not have enough balance"),
        ("conflict", StatusCode::CONFLICT, "is still in progress"),
    ];
    for (answer, expected, words) in plans {
        let (_, payment) = planned(&stage, json!({"answer": answer, "times": 2})).await;
        let key = format!("key-{answer}");
        for _ in 0..2 {
            let refused = refund(&stage, &payment, &key).await;
            assert_refused(&refused, expected);
            assert!(text(&refused.1["error"]["description"]).contains(words), "{}", refused.1);
        }
        assert_eq!(given_back(&stage, &payment).await, (json!(0), json!(null)));
        let (status, made) = refund(&stage, &payment, &key).await;
        assert_eq!((status, &made["status"]), (StatusCode::OK, &json!("processed")));
    }
}

#[tokio::test]
async fn a_plan_without_a_number_lasts_until_told_otherwise() {
    let stage = Stage::alone().await;
    let (order, payment) = planned(&stage, json!({"answer": "no_balance"})).await;
    for _ in 0..3 {
        assert_refused(&refund(&stage, &payment, KEY).await, StatusCode::BAD_REQUEST);
    }
    stage.call.plan(&order, json!({"refund": {"answer": "processed"}})).await;
    assert_eq!(refund(&stage, &payment, KEY).await.0, StatusCode::OK);
}

#[tokio::test]
async fn silence_after_a_refund_hides_it_and_the_same_key_finds_it() {
    let stage = Stage::alone().await;
    let (_, payment) = planned(&stage, json!({"answer": "timeout_after_acting", "times": 1})).await;
    let ask = json!({"amount": 2_000});
    assert!(stage.call.refund(&payment, KEY, &ask).send().await.is_err(), "an answer came");

    let list = stage.call.see(&format!("/v1/payments/{payment}/refunds")).await;
    assert_eq!(list["count"], 1);
    let (status, found) = refund(&stage, &payment, KEY).await;
    assert_eq!((status, &found), (StatusCode::OK, &list["items"][0]));
    assert_eq!(given_back(&stage, &payment).await, (json!(2_000), json!("partial")));
}

#[tokio::test]
async fn a_second_payment_of_a_paid_order_goes_back_and_was_never_captured() {
    let mut receiver = Receiver::start().await;
    let stage = Stage::telling(&receiver).await;
    let (order, first) = stage.call.paid(5_000).await;
    receiver.next_events(3).await;
    let second = stage.call.pay(&order, json!({"outcome": "captured"})).await;
    assert_eq!((&second["status"], &second["captured"]), (&json!("refunded"), &json!(false)));
    assert_eq!(given_back(&stage, &text(&second["id"])).await, (json!(5_000), json!("full")));

    assert_eq!(receiver.next().await.event(), "payment.authorized");
    for event in ["refund.created", "refund.processed"] {
        let told = receiver.next().await;
        assert_eq!(told.event(), event);
        assert_eq!(told.body["payload"]["payment"]["entity"]["captured"], false);
        assert_eq!(told.body["payload"]["refund"]["entity"]["payment_id"], second["id"]);
    }
    let more = refund(&stage, &text(&second["id"]), KEY).await;
    assert_refused(&more, StatusCode::BAD_REQUEST);

    let ledger = stage.call.see("/sandbox/ledger").await;
    assert_eq!(ledger["captures"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["captures"][0]["payment_id"], first.as_str());
    assert_eq!(ledger["refunds"][0]["captured"], false);
    assert_eq!(ledger["totals"]["INR"], json!({"captured": 5_000, "refunded": 0, "fees": 0}));
    assert_eq!(stage.call.look(&order).await["amount_paid"], 5_000);
}

#[tokio::test]
async fn plans_and_open_refunds_survive_a_restart() {
    let folder = Folder::make();
    let running = psp_sandbox::Sandbox::start(folder.config(None)).await.unwrap();
    let call = crate::stage::Caller::new(running.url());
    let (order, payment) = call.paid(5_000).await;
    call.plan(&order, json!({"refund": {"answer": "pending", "times": 2}})).await;
    let (_, made) = send(call.refund(&payment, KEY, &json!({}))).await;
    running.stop().await;

    let running = psp_sandbox::Sandbox::start(folder.config(None)).await.unwrap();
    let call = crate::stage::Caller::new(running.url());
    let plan = call.see(&format!("/sandbox/orders/{order}")).await["plan"].clone();
    assert_eq!(
        plan,
        json!({"refund": {"answer": "pending", "times": 1}, "second": "auto_refunded", "fee_bp": 0})
    );
    let settle = format!("/sandbox/refunds/{}/settle", text(&made["id"]));
    assert_eq!(call.ok(&settle, json!({"outcome": "processed"})).await["status"], "processed");
}

#[tokio::test]
async fn bad_plans_are_refused() {
    let stage = Stage::alone().await;
    let (order, payment) = stage.call.paid(5_000).await;
    let bad = [
        json!({"refund": {"answer": "maybe"}}),
        json!({"refund": {}}),
        json!({"refund": {"answer": "pending", "times": 0}}),
        json!({"second": "doubled"}),
        json!({"colour": "red"}),
    ];
    for body in bad {
        let answer = stage.call.post(&format!("/sandbox/orders/{order}/plan"), body).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST);
    }
    let missing = stage.call.post("/sandbox/orders/order_x/plan", json!({})).await;
    assert_refused(&missing, StatusCode::NOT_FOUND);
    let settled = json!({"outcome": "processed"});
    let missing = stage.call.post("/sandbox/refunds/rfnd_x/settle", settled).await;
    assert_refused(&missing, StatusCode::NOT_FOUND);
    assert_eq!(refund(&stage, &payment, KEY).await.1["status"], "processed");
}

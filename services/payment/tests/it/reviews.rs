//! Wrong money, and a person who looks at it.

use contracts::payment::{
    CancelPayment, CreatePayment, PaymentCancelled, PaymentCaptured, PaymentCreated, PaymentFailed,
    PaymentMismatch, PaymentUnclaimed, RefundDone, RefundKind, RefundRequested,
};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::Stage;

/// A payment for which this much came, and what came.
async fn wrong(stage: &Stage, amount: i64) -> (CreatePayment, PaymentCreated, String) {
    let (ask, created) = stage.pending().await;
    let wrong = json!({"outcome": "captured", "amount": amount});
    let wrong = stage.psp.pay(&created.provider_order_id, wrong).await;
    stage.tell("payment.captured", &wrong).await;
    assert_eq!(stage.app.emitted::<PaymentMismatch>().await.len(), 1);
    (ask, created, wrong["id"].as_str().unwrap().to_owned())
}

async fn open(stage: &Stage) -> Vec<Value> {
    let staff = stage.app.as_staff(&["payments.manage"]);
    let page = staff.get("/v1/admin/payment-reviews?open=true").await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn path(ask: &CreatePayment) -> String {
    format!("/v1/admin/payments/{}/review", ask.payment_id)
}

fn outcome(outcome: &str, name: &str) -> Value {
    json!({"outcome": outcome, "provider_payment_id": name})
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn too_much_can_be_accepted_and_the_rest_goes_back(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _, name) = wrong(&stage, 235_700).await;
    let waits = open(&stage).await;
    assert_eq!((waits.len(), &waits[0]["provider_payment_id"]), (1, &json!(name)));
    assert_eq!(waits[0]["received"]["amount"], 235_700);

    let staff = stage.app.as_staff(&["payments.manage"]);
    let accept = outcome("accept", &name);
    let decided = staff.post(&path(&ask), &accept).await.expect(200);
    assert_eq!(decided["outcome"], "accepted");
    assert!(decided["decided_by"].is_string());
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await[0].provider_payment_id, name);
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await[0].why, RefundKind::Excess);
    assert_eq!(stage.account("refunds_payable").await, -100, "owed before it moves");
    stage.app.run_jobs().await;
    let requested = stage.app.emitted::<RefundRequested>().await;
    assert_eq!((requested.len(), requested[0].refund.kind), (1, RefundKind::Excess));
    assert_eq!(stage.app.emitted::<RefundDone>().await[0].refund.amount.minor(), 100);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, 0);
    assert_eq!(stage.account("commission_income").await, -22_960);

    assert_eq!(staff.post(&path(&ask), &accept).await.expect(200), decided, "decided once");
    let other = outcome("give_back", &name);
    let _ = staff.post(&path(&ask), &other).await.problem(409, "payment/review-decided");
    assert!(open(&stage).await.is_empty());
    assert!(stage.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn too_little_can_only_go_back_and_the_buyer_pays_once_more(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created, name) = wrong(&stage, 235_599).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let accept = outcome("accept", &name);
    let _ = staff.post(&path(&ask), &accept).await.problem(409, "payment/not-acceptable");
    assert_eq!(open(&stage).await.len(), 1, "nothing is decided");

    let _ = staff.post(&path(&ask), &outcome("give_back", &name)).await.expect(200);
    assert_eq!(stage.app.emitted::<PaymentFailed>().await[0].reason, "wrong_amount");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await[0].why, RefundKind::Mismatch);
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    stage.accounts_are_empty().await;

    let right = json!({"outcome": "captured", "amount": 235_600});
    let right = stage.psp.pay(&created.provider_order_id, right).await;
    stage.tell("payment.captured", &right).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_end_of_the_order_decides_what_nobody_did(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _, name) = wrong(&stage, 300_000).await;
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let accept = outcome("accept", &name);
    let _ = staff.post(&path(&ask), &accept).await.problem(409, "payment/not-acceptable");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    let _ = staff.post(&path(&ask), &accept).await.problem(409, "payment/review-decided");
    let decided = staff.get("/v1/admin/payment-reviews?open=false").await.expect(200);
    assert_eq!(decided["items"][0]["outcome"], "given_back");
    assert!(decided["items"][0]["decided_by"].is_null());
    stage.accounts_are_empty().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_right_money_is_looked_for_before_an_order_with_the_wrong_money_ends(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created, _) = wrong(&stage, 100).await;
    // Nobody tells of it.
    let right = json!({"outcome": "captured", "amount": 235_600});
    stage.psp.pay(&created.provider_order_id, right).await;
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    assert!(stage.app.emitted::<PaymentCancelled>().await.is_empty());
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_decides(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    for (client, status, slug) in [
        (stage.app.anonymous(), 401, "unauthenticated"),
        (stage.app.as_buyer(), 403, "forbidden"),
        (stage.app.as_staff(&["look"]), 403, "forbidden"),
    ] {
        let _ = client.get("/v1/admin/payment-reviews").await.problem(status, slug);
        let review = outcome("accept", "pay_1");
        let _ = client.post(&path(&ask), &review).await.problem(status, slug);
        for act in ["approve", "decline"] {
            let refund = kernel::RefundId::new();
            let path = format!("/v1/admin/refunds/{refund}/{act}");
            let _ = client.post(&path, &json!({})).await.problem(status, slug);
        }
        let goodwill = json!({"order_id": ask.order_id, "amount": {"amount": 1, "currency": "INR"}, "reason": "sorry"});
        let _ = client.post("/v1/admin/refunds", &goodwill).await.problem(status, slug);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    let _ = staff.post(&path(&ask), &outcome("accept", "pay_1")).await.problem(404, "not-found");
}

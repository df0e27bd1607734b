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

    let vendor = ask.shares[0].vendor_id;
    let ledger = format!("/v1/vendors/{vendor}/ledger");
    let ledger = stage.app.as_vendor(vendor).get(&ledger).await.expect(200);
    assert_eq!(ledger["items"][0]["what"], "sold");

    assert_eq!(staff.post(&path(&ask), &accept).await.expect(200), decided, "decided once");
    let other = outcome("give_back", &name);
    staff.post(&path(&ask), &other).await.problem(409, "payment/review-decided");
    assert!(open(&stage).await.is_empty());
    assert!(stage.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn too_little_can_only_go_back_and_the_buyer_pays_once_more(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created, name) = wrong(&stage, 235_599).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let accept = outcome("accept", &name);
    staff.post(&path(&ask), &accept).await.problem(409, "payment/not-acceptable");
    assert_eq!(open(&stage).await.len(), 1, "nothing is decided");

    staff.post(&path(&ask), &outcome("give_back", &name)).await.expect(200);
    assert_eq!(stage.app.emitted::<PaymentFailed>().await[0].reason, "wrong_amount");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await[0].why, RefundKind::Mismatch);
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    stage.accounts_are_empty().await;

    // Its order at the provider cannot be paid as asked any more: there is another one.
    let retry = format!("/v1/payments/{}/retry", ask.payment_id);
    for _ in 0..2 {
        let buyer = stage.app.as_user(ask.buyer);
        buyer.send(reqwest::Method::POST, &retry, None).await.expect(202);
        stage.app.run_jobs().await;
    }
    let again = stage.app.emitted::<PaymentCreated>().await;
    assert_eq!(again.len(), 2);
    assert_ne!(again[0].provider_order_id, created.provider_order_id);
    assert_eq!(again[0].provider_order_id, again[1].provider_order_id, "one more is enough");
    assert_eq!(stage.status(&ask).await, "pending");
    let right = json!({"outcome": "captured", "amount": 235_600});
    let right = stage.psp.pay(&again[0].provider_order_id, right).await;
    stage.tell("payment.captured", &right).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    // Whoever has the old link may pay all the same.
    let old = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &old).await;
    assert_eq!(stage.app.emitted::<PaymentUnclaimed>().await[0].why, RefundKind::Second);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_end_of_the_order_decides_what_nobody_did(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _, name) = wrong(&stage, 300_000).await;
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
    let staff = stage.app.as_staff(&["payments.manage"]);
    let accept = outcome("accept", &name);
    staff.post(&path(&ask), &accept).await.problem(409, "payment/not-acceptable");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    staff.post(&path(&ask), &accept).await.problem(409, "payment/review-decided");
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
        client.get("/v1/admin/payment-reviews").await.problem(status, slug);
        let review = outcome("accept", "pay_1");
        client.post(&path(&ask), &review).await.problem(status, slug);
        for act in ["approve", "decline"] {
            let refund = kernel::RefundId::new();
            let path = format!("/v1/admin/refunds/{refund}/{act}");
            client.post(&path, &json!({})).await.problem(status, slug);
        }
        let goodwill = json!({"order_id": ask.order_id, "amount": {"amount": 1, "currency": "INR"}, "reason": "sorry"});
        client.post("/v1/admin/refunds", &goodwill).await.problem(status, slug);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.post(&path(&ask), &outcome("accept", "pay_1")).await.problem(404, "not-found");
}

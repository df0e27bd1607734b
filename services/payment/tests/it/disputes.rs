//! A buyer's bank asks the money back.

use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::payment::{CreatePayment, DisputeBearer, DisputeChanged, DisputeState};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::stage::{SECRET, Stage, sign, whole_credit};

/// A payment that is paid, its capture, and a dispute of it that is open.
async fn disputed(stage: &Stage) -> (CreatePayment, Value, Value) {
    let (ask, created) = stage.captured().await;
    let order = stage.psp.get(&format!("/sandbox/orders/{}", created.provider_order_id)).await;
    let paid = order["payments"][0].clone();
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
    tell(stage, "payment.dispute.created", &dispute, &paid).await;
    (ask, paid, dispute)
}

/// Webhooks are lost, so tests bring them.
async fn tell(stage: &Stage, event: &str, dispute: &Value, payment: &Value) {
    let at = kernel::Clock::now(&stage.app.clock).as_second();
    let payload = json!({"dispute": {"entity": dispute}, "payment": {"entity": payment}});
    let body = json!({"entity": "event", "account_id": crate::stage::ACCOUNT, "event": event,
                      "contains": ["payment", "dispute"], "payload": payload, "created_at": at});
    let body = body.to_string().into_bytes();
    let id = format!("evt_{}", kernel::PaymentId::new().as_uuid().simple());
    let _ = stage.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
}

async fn decide(stage: &Stage, outcome: &str, dispute: &Value, payment: &Value) {
    let path = format!("/sandbox/disputes/{}/decide", dispute["id"].as_str().unwrap());
    let body = json!({"outcome": outcome, "webhook": {"lose": true}});
    let decided = stage.psp.post(&path, body).await;
    tell(stage, &format!("payment.dispute.{outcome}"), &decided, payment).await;
}

async fn waiting(stage: &Stage) -> Vec<Value> {
    let staff = stage.app.as_staff(&["payments.manage"]);
    let page = staff.get("/v1/admin/disputes?waiting=true").await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn bear(stage: &Stage, dispute: &Value, bearer: &str) -> Answer {
    let path = format!("/v1/admin/disputes/{}/bearer", dispute["dispute_id"].as_str().unwrap());
    stage.app.as_staff(&["payments.manage"]).post(&path, &json!({"bearer": bearer})).await
}

fn lost_credit(ask: &CreatePayment, nth: usize) -> SellerOrderCredited {
    SellerOrderCredited { cause: CreditCause::Disputed, ..whole_credit(ask, nth) }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_won_is_with_us_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, paid, dispute) = disputed(&stage).await;
    tell(&stage, "payment.dispute.under_review", &dispute, &paid).await;
    assert_eq!(stage.account("dispute_hold").await, 235_600);
    assert_eq!(stage.account("psp_clearing").await, 0);
    let open = waiting(&stage).await.remove(0);
    assert_eq!((&open["state"], &open["amount"]["amount"]), (&json!("open"), &json!(235_600)));
    let _ = bear(&stage, &open, "platform").await.problem(409, "payment/not-bearable");

    decide(&stage, "won", &dispute, &paid).await;
    tell(&stage, "payment.dispute.lost", &dispute, &paid).await;
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert!(waiting(&stage).await.is_empty());
    let told = stage.app.emitted::<DisputeChanged>().await;
    let states: Vec<_> = told.iter().map(|told| told.state).collect();
    assert_eq!(states, [DisputeState::Open, DisputeState::Won], "what is decided is decided");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_lost_and_nobody_elses_is_the_platforms(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let borne = bear(&stage, &lost, "platform").await.expect(200);
    assert_eq!(bear(&stage, &lost, "platform").await.expect(200), borne, "said once");
    let _ = bear(&stage, &lost, "sellers").await.problem(409, "payment/not-bearable");
    assert_eq!(stage.account("chargeback_loss").await, 235_600);
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("vendor_payable_pending").await, -207_335);
    assert!(waiting(&stage).await.is_empty());
    // Nothing of it may be taken back from sellers who bear nothing.
    let record = stage.app.record(&lost_credit(&ask, 0));
    stage.app.deliver_record(record).await;
    assert_eq!(chassis::dead_letters::list(stage.app.db()).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_sellers_bear_is_taken_back_from_their_shares(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let borne = bear(&stage, &lost, "sellers").await.expect(200);
    assert_eq!(borne["by_sellers"]["amount"], 235_600);
    let told = stage.app.emitted::<DisputeChanged>().await;
    assert_eq!(told.last().unwrap().bearer, Some(DisputeBearer::Sellers));
    for nth in [0, 1] {
        stage.app.deliver(lost_credit(&ask, nth)).await;
    }
    stage.app.run_jobs().await;
    stage.accounts_are_empty().await;
    assert!(stage.app.emitted_names().await.is_empty(), "the buyer has the money: no refund");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_sees_disputes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let path = format!("/v1/admin/disputes/{}/bearer", kernel::DisputeId::new());
    for (client, status, slug) in [
        (stage.app.anonymous(), 401, "unauthenticated"),
        (stage.app.as_buyer(), 403, "forbidden"),
        (stage.app.as_staff(&["look"]), 403, "forbidden"),
    ] {
        let _ = client.get("/v1/admin/disputes").await.problem(status, slug);
        let _ = client.post(&path, &json!({"bearer": "platform"})).await.problem(status, slug);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    let _ = staff.post(&path, &json!({"bearer": "platform"})).await.problem(404, "not-found");
}

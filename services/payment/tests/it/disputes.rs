//! A buyer's bank asks the money back.

use contracts::order::{CreditCause, SellerOrderCredited};
use contracts::payment::{CreatePayment, DisputeBearer, DisputeChanged, DisputeState};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::four_eyes::two;
use crate::stage::{SECRET, Stage, entity, sign, whole_credit};

/// A payment that is paid, its capture, and a dispute of it that is open.
pub async fn disputed(stage: &Stage) -> (CreatePayment, Value, Value) {
    let (ask, created) = stage.captured().await;
    let order = stage.psp.get(&format!("/sandbox/orders/{}", created.provider_order_id)).await;
    let paid = order["payments"][0].clone();
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
    tell(stage, "payment.dispute.created", &dispute, &paid).await;
    (ask, paid, dispute)
}

/// Webhooks are lost, so tests bring them.
pub async fn tell(stage: &Stage, event: &str, dispute: &Value, payment: &Value) {
    let at = kernel::Clock::now(&stage.app.clock).as_second();
    let payload = json!({"dispute": {"entity": dispute}, "payment": {"entity": payment}});
    let body = json!({"entity": "event", "account_id": crate::stage::ACCOUNT, "event": event,
                      "contains": ["payment", "dispute"], "payload": payload, "created_at": at});
    let body = body.to_string().into_bytes();
    let id = format!("evt_{}", kernel::PaymentId::new().as_uuid().simple());
    stage.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
}

pub async fn decide(stage: &Stage, outcome: &str, dispute: &Value, payment: &Value) {
    let path = format!("/sandbox/disputes/{}/decide", dispute["id"].as_str().unwrap());
    let body = json!({"outcome": outcome, "webhook": {"lose": true}});
    let decided = stage.psp.post(&path, body).await;
    tell(stage, &format!("payment.dispute.{outcome}"), &decided, payment).await;
}

pub async fn waiting(stage: &Stage) -> Vec<Value> {
    let staff = stage.app.as_staff(&["payments.manage"]);
    let page = staff.get("/v1/admin/disputes?waiting=true").await.expect(200);
    page["items"].as_array().unwrap().clone()
}

pub async fn bear(stage: &Stage, dispute: &Value, bearer: &str) -> Answer {
    let path = format!("/v1/admin/disputes/{}/bearer", dispute["dispute_id"].as_str().unwrap());
    stage
        .app
        .as_staff(&["payments.manage"])
        .post(&path, &json!({"bearer": bearer, "reason": "The parcel was not signed for."}))
        .await
}

pub fn lost_credit(ask: &CreatePayment, nth: usize) -> SellerOrderCredited {
    SellerOrderCredited { cause: CreditCause::Disputed, ..whole_credit(ask, nth) }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_won_is_with_us_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    tell(&stage, "payment.dispute.under_review", &dispute, &paid).await;
    assert_eq!(stage.account("dispute_hold").await, 235_600);
    assert_eq!(stage.account("psp_clearing").await, 0);
    let open = waiting(&stage).await.remove(0);
    assert_eq!((&open["state"], &open["amount"]["amount"]), (&json!("open"), &json!(235_600)));
    bear(&stage, &open, "platform").await.problem(409, "payment/not-bearable");

    decide(&stage, "won", &dispute, &paid).await;
    tell(&stage, "payment.dispute.lost", &dispute, &paid).await;
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert!(waiting(&stage).await.is_empty());
    let told = stage.app.emitted::<DisputeChanged>().await;
    let states: Vec<_> = told.iter().map(|told| told.state).collect();
    assert_eq!(states, [DisputeState::Open, DisputeState::Won], "what is decided is decided");
    let until = told[0].respond_by.unwrap();
    assert_eq!(until.as_second(), dispute["respond_by"].as_i64().unwrap(), "as the bank says");
    assert_eq!(told[0].reason_code.as_deref(), dispute["reason_code"].as_str());
    assert_eq!(open["reason_code"], dispute["reason_code"]);
    assert_eq!(open["respond_by"], json!(until));
    assert_eq!((told[0].buyer, told[0].vendors.len()), (Some(ask.buyer), 2), "whom it concerns");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_lost_and_nobody_elses_is_the_platforms(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let borne = bear(&stage, &lost, "platform").await.expect(200);
    assert_eq!(bear(&stage, &lost, "platform").await.expect(200), borne, "said once");
    bear(&stage, &lost, "sellers").await.problem(409, "payment/not-bearable");
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
    let last = told.last().unwrap();
    assert_eq!(last.bearer, Some(DisputeBearer::Sellers));
    assert_eq!((last.respond_by, &last.reason_code), (told[0].respond_by, &told[0].reason_code));
    assert!(last.respond_by.is_some(), "what was said first is not lost");
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
        client.get("/v1/admin/disputes").await.problem(status, slug);
        client.post(&path, &json!({"bearer": "platform"})).await.problem(status, slug);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.post(&path, &json!({"bearer": "platform"})).await.problem(404, "not-found");
}

/// A dispute of a capture as the provider tells of it, made up.
pub fn made_up(id: &str, amount: i64, currency: &str) -> Value {
    json!({"id": id, "entity": "dispute", "payment_id": "pay_1", "amount": amount, "currency": currency,
           "amount_deducted": 0, "status": "open", "phase": "chargeback"})
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_that_is_closed_without_a_verdict_is_over(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, paid, mut dispute) = disputed(&stage).await;
    dispute["amount_deducted"] = json!(0);
    tell(&stage, "payment.dispute.closed", &dispute, &paid).await;
    assert_eq!(
        (stage.account("dispute_hold").await, stage.account("psp_clearing").await),
        (0, 235_600)
    );
    assert!(waiting(&stage).await.is_empty());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_that_is_heard_of_before_its_capture_waits_for_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    tell(&stage, "payment.dispute.created", &made_up("disp_1", 235_600, "INR"), &paid).await;
    assert_eq!((stage.account("dispute_hold").await, stage.kept("unmatched").await), (0, 1));
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.account("dispute_hold").await, 235_600);
    assert_eq!((waiting(&stage).await.len(), stage.kept("unmatched").await), (1, 0));
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_more_is_asked_back_than_came(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    stage.tell("payment.captured", &paid).await;
    for odd in [
        made_up("disp_1", 235_601, "INR"),
        made_up("disp_2", 100, "USD"),
        made_up("disp_3", 200_000, "INR"),
        made_up("disp_4", 35_601, "INR"),
        made_up("disp_3", 200_001, "INR"),
    ] {
        tell(&stage, "payment.dispute.created", &odd, &paid).await;
    }
    assert_eq!((stage.account("dispute_hold").await, stage.kept("unmatched").await), (200_000, 4));
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_lost_may_be_won_after_all_until_somebody_bears_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    stage.tell("payment.captured", &paid).await;
    for id in ["disp_1", "disp_2"] {
        tell(&stage, "payment.dispute.lost", &made_up(id, 100_000, "INR"), &paid).await;
    }
    let second = waiting(&stage).await.remove(0);
    bear(&stage, &second, "platform").await.expect(200);
    for id in ["disp_1", "disp_2"] {
        tell(&stage, "payment.dispute.won", &made_up(id, 100_000, "INR"), &paid).await;
    }
    assert_eq!(
        (stage.account("dispute_hold").await, stage.account("psp_clearing").await),
        (0, 135_600)
    );
    assert_eq!(stage.account("chargeback_loss").await, 100_000, "it was borne");
    assert_eq!(stage.kept("unmatched").await, 1, "a person has to look");
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nothing_is_taken_back_from_sellers_for_two_disputes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    stage.tell("payment.captured", &paid).await;
    let back = ask.shares[1].gross.minor();
    stage.app.deliver(whole_credit(&ask, 1)).await;
    let ours = stage.refunds("requested").await.remove(0);
    let name = format!("{}-1", ours["refund_id"].as_str().unwrap().replace('-', ""));
    let refund = json!({"id": "rfnd_1", "payment_id": "pay_1", "amount": back, "currency": "INR", "notes": [],
                        "receipt": name, "acquirer_data": {}, "status": "processed"});
    stage.tell_refund("refund.processed", &refund, &paid).await;
    let left = ask.shares[0].gross.minor();
    for id in ["disp_1", "disp_2"] {
        tell(&stage, "payment.dispute.lost", &made_up(id, left, "INR"), &paid).await;
    }
    let both = waiting(&stage).await;
    let first = bear(&stage, &both[0], "sellers").await.expect(200);
    let second = bear(&stage, &both[1], "sellers").await.expect(200);
    assert_eq!(
        (&first["by_sellers"]["amount"], &second["by_sellers"]["amount"]),
        (&json!(left), &json!(0))
    );
    assert_eq!(stage.account("chargeback_loss").await, left);
    stage.app.deliver(lost_credit(&ask, 0)).await;
    assert_eq!(stage.account("dispute_hold").await, 0);
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn much_that_is_lost_is_the_platforms_when_a_second_person_agrees(pool: PgPool) {
    let stage = Stage::with_alone(pool, 235_599).await;
    let (_, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let path =
        |act: &str| format!("/v1/admin/disputes/{}/{act}", lost["dispute_id"].as_str().unwrap());
    let (one, other) = two(&stage);
    one.post(&path("approve"), &json!({})).await.problem(409, "payment/nothing-to-approve");
    let silent = one.post(&path("bearer"), &json!({"bearer": "platform"})).await;
    silent.problem(422, "payment/reason-required");

    let said = json!({"bearer": "platform", "reason": "The parcel was not signed for."});
    let proposed = one.post(&path("bearer"), &said).await.expect(202);
    assert_eq!(
        (&proposed["bearer"], &proposed["bearing"]["status"]),
        (&Value::Null, &json!("proposed"))
    );
    assert_eq!(waiting(&stage).await, std::slice::from_ref(&proposed), "it waits as before");
    one.post(&path("approve"), &json!({})).await.problem(403, "payment/own-approval");
    other
        .post(&path("bearer"), &json!({"bearer": "sellers"}))
        .await
        .problem(409, "payment/not-bearable");
    let declined = one.post(&path("decline"), &json!({})).await.expect(200);
    assert_eq!(declined["bearing"], Value::Null);
    assert_eq!(stage.account("chargeback_loss").await, 0);

    one.post(&path("bearer"), &said).await.expect(202);
    for _ in 0..2 {
        let borne = other.post(&path("approve"), &json!({})).await.expect(200);
        assert_eq!(
            (&borne["bearer"], &borne["borne_by"]),
            (&json!("platform"), &borne["bearing"]["proposed_by"])
        );
    }
    assert_eq!(stage.account("chargeback_loss").await, 235_600);
    assert!(waiting(&stage).await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_is_asked_any_more_who_bears_what_is_won_after_all(pool: PgPool) {
    let stage = Stage::with_alone(pool, 99_999).await;
    let (_, created) = stage.pending().await;
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    stage.tell("payment.captured", &paid).await;
    let dispute = made_up("disp_1", 100_000, "INR");
    tell(&stage, "payment.dispute.lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    let proposed = bear(&stage, &lost, "platform").await.expect(202);
    assert_eq!(proposed["bearing"]["status"], "proposed");

    tell(&stage, "payment.dispute.won", &dispute, &paid).await;
    stage.advance(60);
    stage.app.run_timers().await;
    let (_, other) = two(&stage);
    let listed = other.get("/v1/admin/disputes").await.expect(200);
    assert_eq!(listed["items"][0]["bearing"], Value::Null);
    let path = format!("/v1/admin/disputes/{}/approve", lost["dispute_id"].as_str().unwrap());
    other.post(&path, &json!({})).await.problem(409, "payment/nothing-to-approve");
    stage.forget_what_was_said().await;
}

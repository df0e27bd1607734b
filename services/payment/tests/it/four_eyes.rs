//! Goodwill, and refunds by hand: what one member of staff says, another one has to say, too.

use contracts::cart::PaymentMethod;
use contracts::ops::StaffActed;
use contracts::payment::{
    CodAccepted, CodCollected, CreatePayment, RefundDone, RefundFailed, RefundKind, RefundRequested,
};
use kernel::UserId;
use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp};

use crate::stage::{Stage, ask, delivered, entity, whole_credit};

/// A member of staff, the same one each time.
pub fn staff(app: &TestApp<App>, who: UserId) -> Client {
    let mut claims = app.claims(who);
    claims.roles.push("admin".into());
    claims.perms = vec!["payments.manage".into()];
    app.as_claims(&claims)
}

pub fn two(stage: &Stage) -> (Client, Client) {
    (staff(&stage.app, UserId::new()), staff(&stage.app, UserId::new()))
}

pub fn goodwill(ask: &CreatePayment, amount: i64) -> Value {
    json!({"order_id": ask.order_id, "amount": {"amount": amount, "currency": "INR"}, "reason": "It came late."})
}

pub fn act(refund: &Value, act: &str) -> String {
    format!("/v1/admin/refunds/{}/{act}", refund["refund_id"].as_str().unwrap())
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn goodwill_is_given_when_a_second_person_agrees(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (one, other) = two(&stage);
    let ask_for = goodwill(&ask, 5_000);
    let without_key = one.post("/v1/admin/refunds", &ask_for).await;
    without_key.problem(422, "idempotency/key-required");
    let keyed = one.clone().with("idempotency-key", "late-parcel-1");
    let proposed = keyed.post("/v1/admin/refunds", &ask_for).await.expect(201);
    assert_eq!((&proposed["status"], &proposed["kind"]), (&json!("proposed"), &json!("goodwill")));
    assert_eq!(proposed["approval"], "proposal");
    assert_eq!(keyed.post("/v1/admin/refunds", &ask_for).await.expect(201), proposed);
    stage.app.run_jobs().await;
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.account("goodwill").await, 0, "nothing is owed yet");

    let approve = act(&proposed, "approve");
    one.post(&approve, &json!({})).await.problem(403, "payment/own-approval");
    let approved = other.post(&approve, &json!({})).await.expect(200);
    assert_eq!(approved["status"], "requested");
    let acts = stage.app.emitted::<StaffActed>().await;
    let acts: Vec<&str> = acts.iter().map(|acted| &*acted.act).collect();
    assert_eq!(
        acts,
        ["goodwill.propose", "refund.approve"],
        "once each, and what was refused is none"
    );
    assert_eq!(other.post(&approve, &json!({})).await.expect(200)["status"], "requested");
    assert_eq!(stage.account("goodwill").await, 5_000);
    assert_eq!(stage.account("refunds_payable").await, -5_000, "owed before it moves");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<RefundRequested>().await[0].refund.kind, RefundKind::Goodwill);
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    assert_eq!(stage.account("psp_clearing").await, 230_600);
    assert_eq!(stage.account("vendor_payable_pending").await, -207_335, "nothing of the sellers'");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_more_goodwill_is_given_than_was_paid_and_did_not_go_back(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (one, other) = two(&stage);
    let keyed = |key: &str| one.clone().with("idempotency-key", key);
    let too_much = (422, "payment/goodwill-too-much");
    let propose = async |key: &str, amount| {
        keyed(key).post("/v1/admin/refunds", &goodwill(&ask, amount)).await
    };
    propose("key-1", 235_601).await.problem(too_much.0, too_much.1);
    propose("key-2", 0).await.problem(422, "payment/unpayable");
    let first = propose("key-3", 200_000).await.expect(201);
    propose("key-4", 35_601).await.problem(too_much.0, too_much.1);

    // Something is taken back before it is approved.
    stage.app.deliver(whole_credit(&ask, 0)).await;
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    let approve = act(&first, "approve");
    other.post(&approve, &json!({})).await.problem(too_much.0, too_much.1);
    let declined = one.post(&act(&first, "decline"), &json!({})).await.expect(200);
    assert_eq!(declined["status"], "declined");
    assert_eq!(declined["approved_by"], Value::Null, "nobody agreed");
    assert_eq!(declined["decided_by"], declined["proposed_by"]);
    other.post(&approve, &json!({})).await.problem(409, "payment/nothing-to-approve");
    assert_eq!(propose("key-5", 100_000).await.expect(201)["status"], "proposed");

    let unpaid = ask_cod(&stage).await;
    let nothing = keyed("key-6").post("/v1/admin/refunds", &goodwill(&unpaid, 1)).await;
    nothing.problem(too_much.0, too_much.1);
}

/// The seller of a part delivers it and takes the cash.
pub async fn collect(stage: &Stage, ask: &CreatePayment, nth: usize) {
    let share = ask.shares[nth];
    stage.app.deliver(delivered(ask, nth)).await;
    let collected =
        format!("/v1/vendors/{}/orders/{}/cod-collected", share.vendor_id, share.seller_order_id);
    let seller = stage.app.as_vendor(share.vendor_id);
    seller.send(reqwest::Method::POST, &collected, None).await.expect(200);
    assert_eq!(stage.app.emitted::<CodCollected>().await.len(), 1);
}

pub async fn ask_cod(stage: &Stage) -> CreatePayment {
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    ask
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_that_goes_back_is_said_by_two(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask_cod(&stage).await;
    let share = ask.shares[0];
    collect(&stage, &ask, 0).await;
    let account = format!("/v1/payments/{}/refund-account", ask.payment_id);
    let buyer = stage.app.as_user(ask.buyer);
    let vpa = json!({"vpa": "asha@okaxis"});
    buyer.put(&account, &vpa).await.expect(200);
    stage.app.deliver(whole_credit(&ask, 0)).await;
    let failed = stage.app.emitted::<RefundFailed>().await.remove(0);
    assert_eq!((&*failed.reason, failed.needs_account), ("was-cash", false), "it is known");
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);

    let refund = stage.refunds("by_hand").await.remove(0);
    let (one, other) = two(&stage);
    let said = |number: &str| json!({"bank_reference": number});
    let waits = one.post(&act(&refund, "settled"), &said("UTR20261130001")).await.expect(200);
    assert_eq!((&waits["status"], &waits["approval"]), (&json!("by_hand"), &json!("report")));
    assert!(stage.app.emitted_names().await.is_empty());
    let approve = act(&refund, "approve");
    one.post(&approve, &json!({})).await.problem(403, "payment/own-approval");
    let done = other.post(&approve, &json!({})).await.expect(200);
    assert_eq!(
        (&done["status"], &done["bank_reference"]),
        (&json!("done"), &json!("UTR20261130001"))
    );
    assert_ne!(done["reported_by"], done["confirmed_by"]);
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!(stage.account("bank").await, -share.gross.minor());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_transfer_pays_one_refund(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.captured().await;
    for id in ["pay_small1", "pay_small2"] {
        stage.tell("payment.captured", &entity(id, &created.provider_order_id, 99)).await;
    }
    let refunds = stage.refunds("by_hand").await;
    let (one, other) = two(&stage);
    let said = json!({"bank_reference": "utr20261130001"});
    one.post(&act(&refunds[0], "settled"), &said).await.expect(200);
    let same = json!({"bank_reference": "UTR20261130001"});
    let twice = other.post(&act(&refunds[1], "settled"), &same).await;
    twice.problem(409, "payment/bank-reference-taken");
    // It was a mistake.
    one.post(&act(&refunds[0], "decline"), &json!({})).await.expect(200);
    other.post(&act(&refunds[1], "settled"), &same).await.expect(200);
    stage.app.emitted::<RefundFailed>().await;
}

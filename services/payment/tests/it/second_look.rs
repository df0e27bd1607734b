//! Large payouts: one member of staff may begin them, another one lets them go.

use contracts::payment::{CreatePayment, PayoutChanged, PayoutState};
use contracts::vendor::VendorStatus;
use kernel::{UserId, VendorId};
use payment::App;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, TestApp};

use crate::payouts::{credit, sale};
use crate::stage::{Stage, share};

/// Ten lakh rupees and a paisa.
pub const LARGE: i64 = 100_000_001;

/// A member of staff, the same one each time.
pub fn staff(app: &TestApp<App>) -> Client {
    let mut claims = app.claims(UserId::new());
    claims.roles.push("admin".into());
    claims.perms = vec!["payments.manage".into()];
    app.as_claims(&claims)
}

fn large(vendor: VendorId) -> CreatePayment {
    let mut one = share([LARGE, 0, 0, 0, 0]);
    one.vendor_id = vendor;
    CreatePayment { amount: one.gross, shares: vec![one], ..sale(vendor) }
}

pub async fn run(stage: &Stage, who: &Client) {
    let run = who.send(reqwest::Method::POST, "/v1/admin/payouts/run", None).await;
    run.expect(202);
    stage.app.run_jobs().await;
}

/// The newest payout, which waits.
pub async fn waiting(stage: &Stage) -> Value {
    let payout = stage.payouts().await.remove(0);
    assert_eq!(payout["state"], "waiting");
    payout
}

pub fn act(payout: &Value, act: &str) -> String {
    format!("/v1/admin/payouts/{}/{act}", payout["payout_id"].as_str().unwrap())
}

pub async fn owed(stage: &Stage) -> (VendorId, CreatePayment) {
    let vendor = VendorId::new();
    stage.approve(vendor, VendorStatus::Approved).await;
    let sale = large(vendor);
    stage.sold(&sale).await;
    stage.forget_what_was_said().await;
    (vendor, sale)
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_large_payout_goes_when_somebody_else_lets_it_go(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = owed(&stage).await;
    let (one, other) = (staff(&stage.app), staff(&stage.app));
    run(&stage, &one).await;
    let payout = waiting(&stage).await;
    assert_eq!(stage.states().await, [PayoutState::Waiting]);
    assert_eq!(stage.available(vendor).await, 0, "booked before it moves");
    let file = format!("/v1/admin/payouts/{}.csv", payout["run"].as_str().unwrap());
    assert_eq!(one.get(&file).await.text().lines().count(), 1, "nobody uploads it");

    let approve = act(&payout, "approve");
    one.post(&approve, &json!({})).await.problem(403, "payment/own-approval");
    let approved = other.post(&approve, &json!({})).await.expect(200);
    assert_eq!(approved["state"], "requested");
    stage.app.run_jobs().await;
    assert_eq!(other.post(&approve, &json!({})).await.expect(200)["state"], "paid");
    one.post(&approve, &json!({})).await.problem(409, "payment/nothing-to-approve");
    assert_eq!(stage.states().await, [PayoutState::Requested, PayoutState::Paid]);
    assert_eq!(stage.account("bank").await, -LARGE);
    assert_eq!(stage.psp.get("/sandbox/ledger").await["payouts"].as_array().unwrap().len(), 1);
    // A day later, when staff would have been told.
    stage.advance(86_400);
    stage.app.run_jobs().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_held_is_owed_again_and_waits_again_in_the_next_run(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = owed(&stage).await;
    let (one, other) = (staff(&stage.app), staff(&stage.app));
    run(&stage, &one).await;
    let payout = waiting(&stage).await;
    let why = json!({"reason": "The parcels are being looked at."});
    other.post(&act(&payout, "hold"), &json!({})).await.problem(422, "validation-error");
    for _ in 0..2 {
        let held = one.post(&act(&payout, "hold"), &why).await.expect(200);
        assert_eq!((&held["state"], &held["reason"]), (&json!("held"), &why["reason"]));
    }
    let late = other.post(&act(&payout, "approve"), &json!({})).await;
    late.problem(409, "payment/nothing-to-approve");
    let said = stage.app.emitted::<PayoutChanged>().await;
    assert_eq!(said.last().unwrap().state, PayoutState::Held);
    assert_eq!((stage.available(vendor).await, stage.account("bank").await), (LARGE, 0));

    stage.advance(86_400);
    run(&stage, &staff(&stage.app)).await;
    assert_ne!(waiting(&stage).await["payout_id"], payout["payout_id"]);
    assert_eq!(stage.available(vendor).await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn who_is_suspended_while_a_payout_waits_is_owed_it_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = owed(&stage).await;
    stage.at("2026-11-23T04:30:00Z");
    stage.payday().await;
    let payout = waiting(&stage).await;
    assert_eq!(payout["begun_by"], json!(null), "anybody may let it go");
    // For days nobody looks.
    stage.advance(3 * 86_400);
    stage.app.run_jobs().await;
    waiting(&stage).await;
    stage.approve(vendor, VendorStatus::Suspended).await;
    let held = stage.payouts().await.remove(0);
    assert_eq!((&held["state"], &held["reason"]), (&json!("held"), &json!("seller_not_approved")));
    assert_eq!((stage.available(vendor).await, stage.account("bank").await), (LARGE, 0));
    let late = staff(&stage.app).post(&act(&payout, "approve"), &json!({})).await;
    late.problem(409, "payment/nothing-to-approve");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_taken_back_while_a_payout_waited_is_not_let_go(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, sale) = owed(&stage).await;
    let (one, other) = (staff(&stage.app), staff(&stage.app));
    run(&stage, &one).await;
    let payout = waiting(&stage).await;
    stage.app.deliver(credit(&sale)).await;
    let approve = other.post(&act(&payout, "approve"), &json!({})).await;
    approve.problem(409, "payment/payout-not-covered");
    other.post(&act(&payout, "hold"), &json!({"reason": "Sent back."})).await.expect(200);
    assert_eq!((stage.available(vendor).await, stage.account("bank").await), (0, 0));
}

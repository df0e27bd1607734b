//! A payout that was let go, and may not go after all.

use contracts::payment::PayoutState;
use contracts::vendor::{PayoutAccountState, VendorStatus};
use kernel::VendorId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Client;

use crate::poll::cut_off;
use crate::second_look::{LARGE, act, owed, run, staff, waiting};
use crate::stage::Stage;

/// A seller changed its bank account while a large payout waited, and a second person let that go: a day has to pass.
async fn let_go(stage: &Stage) -> (VendorId, Value, Client) {
    let (vendor, _) = owed(stage).await;
    let (one, other) = (staff(&stage.app), staff(&stage.app));
    run(stage, &one).await;
    let payout = waiting(stage).await;
    stage.account_is(vendor, PayoutAccountState::Registered, 24).await;
    other.post(&act(&payout, "approve"), &json!({})).await.expect(200);
    stage.app.run_jobs().await;
    assert_eq!(stage.payouts().await[0]["state"], "requested");
    (vendor, payout, one)
}

/// Two days later nobody was paid anything, and the seller is owed what was held.
async fn is_held(stage: &Stage, vendor: VendorId, reason: &str) {
    for _ in 0..48 {
        stage.advance(3_600);
        stage.app.run_jobs().await;
    }
    let held = stage.payouts().await.remove(0);
    assert_eq!((&held["state"], &held["reason"]), (&json!("held"), &json!(reason)));
    assert_eq!((stage.available(vendor).await, stage.account("bank").await), (LARGE, 0));
    assert_eq!(stage.psp.get("/sandbox/ledger").await["payouts"], json!([]));
    assert_eq!(stage.states().await.last(), Some(&PayoutState::Held));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn who_is_suspended_is_not_paid_to_the_account_that_was_just_changed(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _, _) = let_go(&stage).await;
    stage.approve(vendor, VendorStatus::Suspended).await;
    assert_eq!(stage.payouts().await[0]["state"], "held", "at once");
    is_held(&stage, vendor, "seller_not_approved").await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_waits_for_the_day_of_a_changed_account_can_be_held(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, payout, one) = let_go(&stage).await;
    let why = json!({"reason": "The seller did not change it."});
    for _ in 0..2 {
        assert_eq!(one.post(&act(&payout, "hold"), &why).await.expect(200)["state"], "held");
    }
    is_held(&stage, vendor, "The seller did not change it.").await;
}

/// A payout of which the provider did not say whether it took it.
async fn unanswered(stage: &Stage) -> (VendorId, Value) {
    let (vendor, _) = owed(stage).await;
    let alone = cut_off(stage).await;
    run(stage, &staff(&stage.app)).await;
    let payout = waiting(stage).await;
    staff(&stage.app).post(&act(&payout, "approve"), &json!({})).await.expect(200);
    alone.run_jobs().await;
    (vendor, payout)
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_the_provider_did_not_answer_is_held_when_it_does_not_know_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, payout) = unanswered(&stage).await;
    let why = json!({"reason": "The parcels are being looked at."});
    for _ in 0..2 {
        let held = staff(&stage.app).post(&act(&payout, "hold"), &why).await.expect(200);
        assert_eq!((&held["state"], &held["reason"]), (&json!("requested"), &why["reason"]));
    }
    // The request may still be on its way.
    stage.advance(60);
    stage.app.run_jobs().await;
    assert_eq!(stage.payouts().await[0]["state"], "requested");
    is_held(&stage, vendor, "The parcels are being looked at.").await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn who_is_suspended_while_the_provider_is_away_is_not_paid_afterwards(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = unanswered(&stage).await;
    stage.approve(vendor, VendorStatus::Suspended).await;
    assert_eq!(stage.payouts().await[0]["state"], "requested");
    is_held(&stage, vendor, "seller_not_approved").await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_paid_before_it_was_stopped_is_paid(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (vendor, _) = owed(&stage).await;
    run(&stage, &staff(&stage.app)).await;
    let payout = waiting(&stage).await;
    staff(&stage.app).post(&act(&payout, "approve"), &json!({})).await.expect(200);
    stage.app.run_jobs().await;
    stage.approve(vendor, VendorStatus::Suspended).await;
    let late = staff(&stage.app).post(&act(&payout, "hold"), &json!({"reason": "Late."})).await;
    late.problem(409, "payment/nothing-to-approve");
    assert_eq!(stage.payouts().await[0]["state"], "paid");
    assert_eq!(stage.states().await.last(), Some(&PayoutState::Paid));
}

//! A refund was reported as paid out by hand, and the buyer's bank asks for the same money: the buyer gets it once.

use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client};

use crate::disputes::{decide, tell, waiting};
use crate::four_eyes::{act, two};
use crate::held_refunds::made;
use crate::stage::{Stage, whole_credit};

/// What one member of staff said was paid out by hand, because the provider would not, and who may decide about that.
struct Reported {
    stage: Stage,
    refund: Value,
    other: Client,
    paid: Value,
    dispute: Value,
}

impl Reported {
    async fn start(pool: PgPool) -> Self {
        let stage = Stage::start(pool).await;
        let (ask, created) = stage.captured().await;
        let order = format!("/sandbox/orders/{}", created.provider_order_id);
        let plan = json!({"refund": {"answer": "refused"}});
        stage.psp.post(&format!("{order}/plan"), plan).await;
        stage.app.deliver(whole_credit(&ask, 0)).await;
        stage.app.run_jobs().await;
        let refund = stage.refunds("stuck").await.remove(0);
        let said = json!({"bank_reference": "UTR20261130001", "without_account": "In cash."});
        let (one, other) = two(&stage);
        let waits = one.post(&act(&refund, "settled"), &said).await.expect(200);
        assert_eq!(waits["approval"], "report");

        let paid = stage.psp.get(&order).await["payments"][0].clone();
        let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
        let dispute = stage.psp.post(&path, json!({"webhook": {"lose": true}})).await;
        tell(&stage, "payment.dispute.created", &dispute, &paid).await;
        Self { stage, refund, other, paid, dispute }
    }

    async fn say(&self, verb: &str) -> Answer {
        self.other.post(&act(&self.refund, verb), &json!({})).await
    }

    async fn decide(&self, outcome: &str) {
        decide(&self.stage, outcome, &self.dispute, &self.paid).await;
        self.stage.app.run_jobs().await;
    }

    /// The buyer has it by the dispute, and nothing beside.
    async fn is_covered(&self) {
        self.stage.app.run_jobs().await;
        let done = self.stage.refunds("done").await;
        let disputed = done.iter().filter(|refund| !refund["dispute_id"].is_null()).count();
        assert_eq!((done.len(), disputed), (1, 1));
        let lost = waiting(&self.stage).await.remove(0);
        assert_eq!(lost["covered"], self.refund["amount"]);
        assert_eq!((self.stage.account("bank").await, made(&self.stage).await), (0, 0));
        assert_eq!(self.stage.account("refunds_payable").await, 0);
        self.stage.forget_what_was_said().await;
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_report_is_not_approved_while_a_bank_asks_for_the_same_money(pool: PgPool) {
    let reported = Reported::start(pool).await;
    reported.say("approve").await.problem(409, "payment/not-by-hand");
    // It was the seller who was right: now it may be paid by hand.
    reported.decide("won").await;
    assert_eq!(reported.say("approve").await.expect(200)["status"], "done");
    let amount = reported.refund["amount"]["amount"].as_i64().unwrap();
    assert_eq!(reported.stage.account("bank").await, -amount);
    reported.stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_a_bank_gave_after_it_was_reported_is_not_given_by_hand(pool: PgPool) {
    let reported = Reported::start(pool).await;
    reported.decide("lost").await;
    reported.say("approve").await.problem(409, "payment/not-by-hand");
    // It is for people to find out whether it was paid: if not, the dispute pays it.
    reported.say("decline").await.expect(200);
    reported.is_covered().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_was_reported_by_mistake_is_paid_by_the_dispute_that_was_lost_meanwhile(pool: PgPool) {
    let reported = Reported::start(pool).await;
    reported.decide("lost").await;
    reported.say("decline").await.expect(200);
    reported.is_covered().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_declined_while_a_bank_asks_is_paid_when_it_has_decided(pool: PgPool) {
    let reported = Reported::start(pool).await;
    assert_eq!(reported.say("decline").await.expect(200)["status"], "stuck");
    reported.decide("lost").await;
    reported.is_covered().await;
}

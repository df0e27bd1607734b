//! What is disputed is not given back as well.

use contracts::payment::{CreatePayment, RefundDone, RefundPayer, RefundRequested};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::disputes::{bear, decide, disputed, lost_credit, tell, waiting};
use crate::stage::{Stage, whole_credit};

/// Refunds that the provider made.
pub async fn made(stage: &Stage) -> usize {
    stage.psp.get("/sandbox/ledger").await["refunds"].as_array().unwrap().len()
}

/// A payment that is disputed, of which the first part is taken back.
async fn held(stage: &Stage) -> (CreatePayment, Value, Value) {
    let (ask, paid, dispute) = disputed(stage).await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<RefundRequested>().await.len(), 1);
    let waits = stage.refunds("requested").await;
    assert_eq!((waits.len(), &waits[0]["reason"]), (1, &json!("disputed")));
    assert_eq!(made(stage).await, 0);
    (ask, paid, dispute)
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_refund_waits_for_the_bank_and_goes_when_it_is_won(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = held(&stage).await;
    decide(&stage, "won", &dispute, &paid).await;
    stage.app.run_jobs().await;
    let done = stage.app.emitted::<RefundDone>().await;
    assert_eq!((done.len(), done[0].paid_by), (1, Some(RefundPayer::Provider)));
    assert_eq!(made(&stage).await, 1);
    assert_eq!(stage.account("psp_clearing").await, 235_600 - ask.shares[0].gross.minor());
    assert_eq!(stage.account("dispute_hold").await, 0);
    assert_eq!(stage.account("refunds_payable").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_lost_pays_the_refund_and_the_rest_is_borne(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = held(&stage).await;
    let (first, second) = (ask.shares[0].gross.minor(), ask.shares[1].gross.minor());
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "sellers").await.problem(409, "payment/not-bearable");
    stage.app.run_jobs().await;
    let done = stage.app.emitted::<RefundDone>().await;
    assert_eq!((done.len(), &done[0].provider_refund_id), (1, &None));
    assert_eq!(done[0].paid_by, Some(RefundPayer::Bank));
    let refund = stage.refunds("done").await.remove(0);
    assert_eq!(refund["dispute_id"], lost["dispute_id"]);
    assert_eq!(made(&stage).await, 0, "the buyer has it already");
    assert_eq!(stage.account("dispute_hold").await, second);

    let borne = bear(&stage, &lost, "sellers").await.expect(200);
    assert_eq!(
        (&borne["covered"]["amount"], &borne["by_sellers"]["amount"]),
        (&json!(first), &json!(second))
    );
    stage.app.deliver(lost_credit(&ask, 1)).await;
    stage.app.run_jobs().await;
    stage.accounts_are_empty().await;
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_taken_back_later_lessens_what_the_platform_lost(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, paid, dispute) = disputed(&stage).await;
    decide(&stage, "lost", &dispute, &paid).await;
    let lost = waiting(&stage).await.remove(0);
    bear(&stage, &lost, "platform").await.expect(200);
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<RefundDone>().await.len(), 1);
    assert_eq!(made(&stage).await, 0, "nothing is left to be given back");
    assert_eq!(stage.account("refunds_payable").await, 0);
    assert_eq!(stage.account("chargeback_loss").await, ask.shares[1].gross.minor());
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn as_long_as_there_is_enough_for_both_both_go(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let order = stage.psp.get(&format!("/sandbox/orders/{}", created.provider_order_id)).await;
    let paid = order["payments"][0].clone();
    let path = format!("/sandbox/payments/{}/dispute", paid["id"].as_str().unwrap());
    let some = json!({"amount": 1_000, "webhook": {"lose": true}});
    let dispute = stage.psp.post(&path, some).await;
    tell(&stage, "payment.dispute.created", &dispute, &paid).await;
    stage.app.deliver(whole_credit(&ask, 0)).await;
    stage.app.run_jobs().await;
    decide(&stage, "lost", &dispute, &paid).await;
    stage.app.run_jobs().await;
    assert_eq!((stage.refunds("done").await.len(), made(&stage).await), (1, 1));
    // The rest is too little for the other one and more than the bank took: both pay it.
    stage.app.deliver(whole_credit(&ask, 1)).await;
    stage.app.run_jobs().await;
    assert_eq!((stage.refunds("done").await.len(), made(&stage).await), (3, 2));
    stage.accounts_are_empty().await;
    stage.forget_what_was_said().await;
}

//! The window is over, and the provider is asked before the payment is.

use contracts::payment::{
    CancelPayment, CreatePayment, PaymentCancelled, PaymentCaptured, PaymentMismatch,
};
use jiff::SignedDuration;
use payment::App;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;

use crate::stage::{Stage, config};

/// The window is over, or the buyer does not want it any more.
async fn cancel(stage: &Stage, ask: &CreatePayment) {
    let (payment_id, checkout_id) = (ask.payment_id, ask.checkout_id);
    stage.app.deliver(CancelPayment { payment_id, checkout_id }).await;
}

async fn check(stage: &Stage) {
    stage.app.run_timers().await;
    stage.app.run_jobs().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_of_a_lost_webhook_is_found_before_the_payment_is_given_up(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.advance(90);
    check(&stage).await;
    stage.advance(210);
    check(&stage).await;
    stage.advance(1);
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.advance(599);
    check(&stage).await;
    assert_eq!(stage.status(&ask).await, "pending", "nobody has told");

    cancel(&stage, &ask).await;
    assert!(stage.app.emitted_names().await.is_empty(), "nothing is decided yet");
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted_names().await, ["payment.captured.v1"]);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, 0);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_capture_that_is_heard_while_the_payment_closes_is_paid(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    cancel(&stage, &ask).await;
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.bring("evt_1", "payment.captured", &paid).await.expect(200);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted_names().await, ["payment.captured.v1"]);
    assert_eq!(stage.status(&ask).await, "captured");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn another_amount_seen_by_the_last_look_does_not_save_the_payment(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let short = json!({"outcome": "captured", "amount": 100});
    stage.psp.pay(&created.provider_order_id, short).await;
    cancel(&stage, &ask).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentMismatch>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured_late");
    stage.accounts_are_empty().await;
}

/// The same service, whose provider does not answer.
async fn cut_off(stage: &Stage) -> TestApp<App> {
    TestApp::<App>::start(stage.pool.clone(), config("http://127.0.0.1:9")).await
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_is_away_is_asked_for_ten_minutes_and_no_longer(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let alone = cut_off(&stage).await;
    cancel(&stage, &ask).await;
    for minute in 0..10 {
        assert_eq!(alone.run_jobs().await, 1, "minute {minute}");
        cancel(&stage, &ask).await;
        assert!(stage.app.emitted_names().await.is_empty(), "minute {minute}");
        assert_eq!(stage.status(&ask).await, "closing", "minute {minute}");
        alone.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(alone.run_jobs().await, 1);
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "cancelled");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_comes_back_within_ten_minutes_saves_the_payment(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    cancel(&stage, &ask).await;
    assert_eq!(cut_off(&stage).await.run_jobs().await, 1);
    assert_eq!(stage.status(&ask).await, "closing");
    stage.advance(60);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
}

//! Webhooks that never come.

use contracts::payment::{PaymentCaptured, PaymentFailed, RefundDone, RefundKind};
use jiff::SignedDuration;
use payment::App;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;

use crate::stage::{Stage, config};

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_lost_webhook_is_found_out_by_asking(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;

    stage.advance(89);
    assert_eq!(stage.app.run_timers().await, 0);
    stage.advance(1);
    assert_eq!(stage.app.run_timers().await, 1);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);

    stage.advance(7_199);
    assert_eq!(stage.app.run_timers().await, 0, "what was paid is in no hurry");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_second_capture_of_which_nobody_tells_is_found_and_goes_back(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let order = &created.provider_order_id;
    stage.psp.post(&format!("/sandbox/orders/{order}/plan"), json!({"second": "captured"})).await;
    stage.psp.pay(order, json!({"outcome": "captured"})).await;
    stage.advance(7_200);
    assert_eq!(stage.app.run_timers().await, 1);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<RefundDone>().await[0].refund.kind, RefundKind::Second);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

/// The same service, whose provider does not answer.
pub async fn cut_off(stage: &Stage) -> TestApp<App> {
    TestApp::<App>::start(stage.pool.clone(), config("http://127.0.0.1:9")).await
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_provider_that_is_away_leaves_no_failed_job(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    let alone = cut_off(&stage).await;
    stage.advance(90);
    assert_eq!(stage.app.run_timers().await, 1);
    alone.clock.advance(SignedDuration::from_secs(90));
    for pause in [60, 600, 3_600] {
        assert_eq!(alone.run_jobs().await, 1);
        alone.clock.advance(SignedDuration::from_secs(pause));
        stage.advance(pause);
    }
    let failed = "select count(*) from chassis.job where failed_at is not null";
    let failed: i64 = sqlx::query_scalar(failed).fetch_one(&stage.pool).await.unwrap();
    assert_eq!(failed, 0);
    // It is back.
    stage.app.run_jobs().await;
    assert_eq!(stage.status(&ask).await, "captured");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn while_a_payment_is_open_the_provider_is_asked_twice(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let mut asked = 0;
    for _ in 0..120 {
        stage.advance(60);
        asked += stage.app.run_timers().await;
        stage.app.run_jobs().await;
    }
    assert_eq!(asked, 2);
    assert_eq!(stage.status(&ask).await, "pending");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn asking_tells_the_same_as_a_webhook(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let failed = stage.psp.pay(&created.provider_order_id, json!({"outcome": "failed"})).await;
    stage.advance(90);
    stage.app.run_timers().await;
    stage.app.run_jobs().await;
    stage.tell("payment.failed", &failed).await;
    assert_eq!(stage.app.emitted::<PaymentFailed>().await.len(), 1);

    // The bank says yes after all, and nobody tells.
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.advance(210);
    assert_eq!(stage.app.run_timers().await, 1);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
}

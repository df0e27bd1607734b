//! Webhooks that never come.

use contracts::payment::{PaymentCaptured, PaymentFailed};
use serde_json::json;
use sqlx::PgPool;

use crate::stage::Stage;

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

    stage.advance(7_200);
    assert_eq!(stage.app.run_timers().await, 0, "there is nothing to ask any more");
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

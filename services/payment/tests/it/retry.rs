//! The buyer tries again.

use contracts::payment::{CreatePayment, PaymentCaptured, PaymentCreated};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::stage::Stage;

async fn retry(stage: &Stage, ask: &CreatePayment) -> Answer {
    let path = format!("/v1/payments/{}/retry", ask.payment_id);
    stage.app.as_user(ask.buyer).send(reqwest::Method::POST, &path, None).await
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn after_a_failure_the_same_order_gets_another_link(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, first) = stage.pending().await;
    let order = &first.provider_order_id;
    let failed = stage.fail(&first).await;

    // Two taps open one.
    for _ in 0..2 {
        assert_eq!(retry(&stage, &ask).await.expect(202)["payment_id"], json!(ask.payment_id));
    }
    assert_eq!(stage.app.run_jobs().await, 1);
    let second = stage.app.emitted::<PaymentCreated>().await.remove(0);
    assert_eq!(&second.provider_order_id, order);
    assert_ne!(second.upi_intent, first.upi_intent);
    let view = stage.view(&ask).await;
    assert_eq!(view["status"], "pending");
    assert_eq!(view["upi_intent"], second.upi_intent);
    assert_eq!(view["attempts"].as_array().unwrap().len(), 2);

    // The old failure again does not fail the new attempt.
    stage.tell("payment.failed", &failed).await;
    assert_eq!(stage.status(&ask).await, "pending");
    let paid = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    assert_ne!(paid["id"], failed["id"]);
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_paid_or_over_is_not_tried_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (paid, _) = stage.captured().await;
    let _: Value = retry(&stage, &paid).await.problem(409, "payment/not-retryable");

    let (late, _) = stage.pending().await;
    stage.advance(2 * 3600);
    retry(&stage, &late).await.problem(409, "payment/not-retryable");
    assert_eq!(stage.app.run_jobs().await, 0);
}

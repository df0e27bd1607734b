//! A payment is given up.

use contracts::cart::PaymentMethod;
use contracts::payment::{
    CancelPayment, CodAccepted, CreatePayment, PaymentCancelled, PaymentCaptured,
};
use serde_json::json;
use sqlx::PgPool;

use crate::stage::{Stage, ask};

fn cancel(ask: &CreatePayment) -> CancelPayment {
    CancelPayment { payment_id: ask.payment_id, checkout_id: ask.checkout_id }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_pending_payment_is_cancelled_once(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    for _ in 0..2 {
        stage.app.deliver(cancel(&ask)).await;
        assert!(stage.app.emitted_names().await.is_empty(), "the provider is asked first");
        let closing = stage.view(&ask).await;
        assert_eq!((&closing["status"], &closing["upi_intent"]), (&json!("closing"), &json!(null)));
    }
    stage.app.run_jobs().await;
    let emitted = stage.app.emitted::<PaymentCancelled>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].payment.payment_id, ask.payment_id);
    let view = stage.view(&ask).await;
    assert_eq!(view["status"], "cancelled");
    assert_eq!(view["upi_intent"], json!(null));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payment_that_was_not_opened_yet_is_never_opened(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Upi);
    stage.app.deliver(ask.clone()).await;
    stage.app.deliver(cancel(&ask)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted_names().await, ["payment.cancelled.v1"]);
    assert_eq!(stage.view(&ask).await["provider_order_id"], json!(null));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn captured_money_is_not_cancelled_away(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    stage.app.deliver(cancel(&ask)).await;
    assert_eq!(stage.status(&ask).await, "captured");
    // Whoever asks is told, again, what stands.
    let told = stage.app.emitted::<PaymentCaptured>().await;
    assert_eq!(told[0].payment.payment_id, ask.payment_id);
    assert!(!told[0].provider_payment_id.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_answer_that_was_lost_is_given_to_whoever_asks_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (given_up, _) = stage.pending().await;
    stage.app.deliver(cancel(&given_up)).await;
    stage.app.run_jobs().await;
    let void = ask(PaymentMethod::Cod);
    stage.app.deliver(void.clone()).await;
    stage.app.deliver(cancel(&void)).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 2);

    for payment in [&given_up, &void] {
        stage.app.deliver(cancel(payment)).await;
        stage.app.deliver(payment.clone()).await;
        let told = stage.app.emitted::<PaymentCancelled>().await;
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|told| told.payment.payment_id == payment.payment_id));
        assert!(stage.app.emitted_names().await.is_empty());
    }
    assert_eq!(stage.app.run_jobs().await, 0, "nothing is done again");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_order_with_the_wrong_money_can_be_given_up(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.underpaid().await;
    stage.app.deliver(cancel(&ask)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured_late");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn cash_that_was_not_taken_yet_is_void(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = ask(PaymentMethod::Cod);
    stage.app.deliver(ask.clone()).await;
    assert_eq!(stage.app.emitted::<CodAccepted>().await.len(), 1);
    stage.app.deliver(cancel(&ask)).await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "cod_void");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn late_money_is_found_even_when_nobody_tells(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.app.deliver(cancel(&ask)).await;
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    let mut looks = Vec::new();
    for hour in 1..=72 {
        if hour == 72 {
            stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
        }
        stage.advance(3_600);
        stage.app.run_timers().await;
        if stage.app.run_jobs().await > 0 {
            looks.push(hour);
        }
    }
    assert_eq!(looks, [2, 24, 72]);
    assert_eq!(stage.status(&ask).await, "captured_late");
    stage.accounts_are_empty().await;
}

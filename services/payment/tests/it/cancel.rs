//! A payment is given up.

use contracts::cart::PaymentMethod;
use contracts::payment::{
    CancelPayment, CodAccepted, CreatePayment, PaymentCancelled, PaymentMismatch,
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
    }
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
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.status(&ask).await, "captured");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn money_after_the_end_is_kept_apart_and_staff_sees_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    stage.app.deliver(cancel(&ask)).await;
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    stage.tell("order.paid", &paid).await;

    assert!(stage.app.emitted_names().await.is_empty(), "never paid");
    assert_eq!(stage.status(&ask).await, "captured_late");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("suspense").await, -235_600);
    let staff = stage.app.as_staff(&["payments.manage"]);
    let late = staff.get("/v1/admin/payments?status=captured_late").await.expect(200);
    assert_eq!(late["items"][0]["payment_id"], json!(ask.payment_id));
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_order_with_the_wrong_money_can_be_given_up(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    let short = stage.psp.pay(order, json!({"outcome": "captured", "amount": 100})).await;
    stage.tell("payment.captured", &short).await;
    assert_eq!(stage.app.emitted::<PaymentMismatch>().await.len(), 1);
    stage.app.deliver(cancel(&ask)).await;
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
    assert_eq!(stage.app.emitted::<PaymentCancelled>().await.len(), 1);
    stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.advance(90);
    assert_eq!(stage.app.run_timers().await, 1);
    stage.app.run_jobs().await;
    assert_eq!(stage.status(&ask).await, "captured_late");
    assert_eq!(stage.account("suspense").await, -235_600);
}

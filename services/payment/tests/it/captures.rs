//! What money that comes makes of a payment: in any order, never in another amount.

use contracts::payment::{PaymentCaptured, PaymentFailed, PaymentMismatch};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{SECRET, Stage, entity, sign};

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_capture_pays_the_order_and_the_sellers(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    for event in ["payment.authorized", "payment.captured", "order.paid"] {
        stage.tell(event, &paid).await;
    }
    let emitted = stage.app.emitted::<PaymentCaptured>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].payment.amount, ask.amount);
    assert_eq!(paid["id"], emitted[0].provider_payment_id);

    let view = stage.view(&ask).await;
    assert_eq!(view["status"], "captured");
    assert_eq!(view["upi_intent"], Value::Null, "a paid link is not shown again");
    assert_eq!(stage.account("psp_clearing").await, 235_600);
    assert_eq!(stage.account("vendor_payable_pending").await, -207_335);
    assert_eq!(stage.account("commission_income").await, -22_960);
    assert_eq!(stage.account("output_gst").await, -4_133);
    assert_eq!(stage.account("tcs_payable").await, -977);
    assert_eq!(stage.account("tds_payable").await, -195);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn failed_is_not_final_and_paid_is(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    let failed = stage.psp.pay(order, json!({"outcome": "failed"})).await;
    stage.tell("payment.failed", &failed).await;
    let emitted = stage.app.emitted::<PaymentFailed>().await;
    assert_eq!((emitted.len(), &*emitted[0].reason), (1, "payment_cancelled"));
    assert_eq!(stage.status(&ask).await, "failed");

    let paid = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    assert_eq!(paid["id"], failed["id"], "a late yes of the bank");
    stage.tell("payment.authorized", &paid).await;
    stage.tell("payment.captured", &paid).await;
    stage.tell("payment.failed", &failed).await;
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert!(stage.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_rupee_does_not_pay_two_thousand(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    let short = stage.psp.pay(order, json!({"outcome": "captured", "amount": 100})).await;
    for event in ["payment.captured", "order.paid"] {
        stage.tell(event, &short).await;
    }
    let emitted = stage.app.emitted::<PaymentMismatch>().await;
    assert_eq!((emitted.len(), emitted[0].received.minor()), (1, 100));
    assert_eq!(stage.status(&ask).await, "payment_review");
    assert_eq!(stage.account("psp_clearing").await, 100);
    assert_eq!(stage.account("suspense").await, -100);
    assert!(stage.app.emitted_names().await.is_empty(), "never paid");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn another_currency_too_little_and_too_much_do_not_pay(pool: PgPool) {
    let stage = Stage::start(pool).await;
    for (currency, amount) in
        [("USD", 235_600), ("INR", 235_599), ("INR", 235_601), ("INR", i64::MAX)]
    {
        let (ask, created) = stage.pending().await;
        let id = format!("pay_{}", ask.payment_id.as_uuid().simple());
        let mut other = entity(&id, &created.provider_order_id, amount);
        other["currency"] = json!(currency);
        stage.tell("payment.captured", &other).await;
        assert_eq!(stage.status(&ask).await, "payment_review", "{currency} {amount}");
        let emitted = stage.app.emitted::<PaymentMismatch>().await;
        assert_eq!((emitted.len(), emitted[0].received.minor()), (1, amount));
        assert!(stage.app.emitted_names().await.is_empty(), "never paid");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_another_merchant_was_paid_is_kept_and_pays_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let event =
        stage.event("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600));
    let ours: Value = serde_json::from_slice(&event).unwrap();
    for (n, account) in [json!("acc_Another"), json!(null), json!(7)].into_iter().enumerate() {
        let mut theirs = ours.clone();
        theirs["account_id"] = account;
        let body = theirs.to_string().into_bytes();
        let id = format!("evt_{n}");
        stage.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.status(&ask).await, "pending");
    assert_eq!(stage.kept("unreadable").await, 3);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn paid_before_created_is_acted_upon_later(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    // As if the provider was faster than our record of its order.
    let order = created.provider_order_id;
    sqlx::query("update payments set provider_order_id = null").execute(&stage.pool).await.unwrap();
    stage.tell("payment.captured", &entity("pay_early", &order, 235_600)).await;
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.kept("unmatched").await, 1);

    let retry = format!("/v1/payments/{}/retry", ask.payment_id);
    stage.app.as_user(ask.buyer).post(&retry, json!({})).await.expect(202);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.kept("taken").await, 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn authorized_after_failed_becomes_paid_even_if_nobody_tells_the_rest(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    stage.fail(&created).await;
    let paid = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    stage.tell("payment.authorized", &paid).await;
    assert_eq!(stage.status(&ask).await, "failed", "an authorization is not money yet");

    stage.advance(90);
    stage.app.run_timers().await;
    stage.app.run_jobs().await;
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
}

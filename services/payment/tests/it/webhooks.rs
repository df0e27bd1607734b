//! The provider tells: believed only when signed, kept once, harmless in any order.

use contracts::payment::{PaymentCaptured, PaymentFailed, PaymentMismatch};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{SECRET, Stage, sign};

fn entity(id: &str, order: &str, amount: i64) -> Value {
    json!({"id": id, "entity": "payment", "order_id": order, "amount": amount, "currency": "INR",
           "status": "captured", "notes": [], "error_reason": "payment_declined"})
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_capture_pays_the_order_and_the_sellers(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    for event in ["payment.authorized", "payment.captured", "order.paid"] {
        stage.tell(event, &paid).await;
    }
    let said = stage.app.said::<PaymentCaptured>().await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].payment.amount, ask.amount);
    assert_eq!(paid["id"], said[0].provider_payment_id);

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
async fn what_the_provider_did_not_sign_is_not_believed(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let body =
        stage.event("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600));
    let good = sign(SECRET, &body);
    let mut changed = body.clone();
    changed[20] ^= 1;
    let spaced =
        serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&body).unwrap()).unwrap();
    let marked = [b"\xef\xbb\xbf".as_slice(), &body].concat();
    let forged = sign("not the secret", &body);
    for (sign, body) in [
        (None, body.clone()),
        (Some(""), body.clone()),
        (Some("zz"), body.clone()),
        (Some(&*forged), body.clone()),
        (Some(&good[..62]), body.clone()),
        (Some(&*good), changed),
        (Some(&*good), spaced),
        (Some(&*good), marked),
        (Some(&*good), Vec::new()),
    ] {
        let answer = stage.deliver(Some("evt_1"), sign, body).await;
        let _ = answer.problem(401, "payment/webhook-forged");
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.status(&ask).await, "pending");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from webhooks").fetch_one(&stage.pool).await.unwrap();
    assert_eq!(kept, 0);

    // The id was not used up by forgeries.
    assert_eq!(
        stage.deliver(Some("evt_1"), Some(&good), body).await.expect(200)["status"],
        "stored"
    );
    stage.app.run_jobs().await;
    assert_eq!(stage.app.said::<PaymentCaptured>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_secret_before_the_last_change_still_counts(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let body = stage.event("payment.authorized", &json!({}));
    let old = sign("whsec_old", &body);
    let _ = stage.deliver(Some("evt_1"), Some(&old), body).await.expect(200);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_same_event_many_times_at_once_has_one_effect(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let entity = entity("pay_1", &created.provider_order_id, 235_600);
    let copies = (0..5).map(|_| stage.bring("evt_1", "payment.captured", &entity));
    for answer in futures::future::join_all(copies).await {
        assert_eq!(answer.expect(200)["status"], "stored");
    }
    assert_eq!(stage.app.run_jobs().await, 1);
    let _ = stage.bring("evt_1", "payment.captured", &entity).await.expect(200);
    // Replayed under another id, which nobody signed.
    stage.tell("payment.captured", &entity).await;
    assert_eq!(stage.app.said::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_without_an_id_is_known_by_its_bytes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let body =
        stage.event("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600));
    for _ in 0..2 {
        let _ = stage.deliver(None, Some(&sign(SECRET, &body)), body.clone()).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 1);
    assert_eq!(stage.app.said::<PaymentCaptured>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn failed_is_not_final_and_paid_is(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    let failed = stage.psp.pay(order, json!({"outcome": "failed"})).await;
    stage.tell("payment.failed", &failed).await;
    let said = stage.app.said::<PaymentFailed>().await;
    assert_eq!((said.len(), &*said[0].reason), (1, "payment_cancelled"));
    assert_eq!(stage.status(&ask).await, "failed");

    let paid = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    assert_eq!(paid["id"], failed["id"], "a late yes of the bank");
    stage.tell("payment.authorized", &paid).await;
    stage.tell("payment.captured", &paid).await;
    stage.tell("payment.failed", &failed).await;
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.app.said::<PaymentCaptured>().await.len(), 1);
    assert!(stage.app.said_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn one_rupee_does_not_pay_two_thousand(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    let short = stage.psp.pay(order, json!({"outcome": "captured", "amount": 100})).await;
    stage.tell("payment.captured", &short).await;

    let said = stage.app.said::<PaymentMismatch>().await;
    assert_eq!((said.len(), said[0].received.minor()), (1, 100));
    assert_eq!(stage.status(&ask).await, "payment_review");
    assert_eq!(stage.account("psp_clearing").await, 100);
    assert_eq!(stage.account("suspense").await, -100);
    assert!(stage.app.said_names().await.is_empty(), "never paid");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn another_currency_does_not_pay(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let mut dollars = entity("pay_1", &created.provider_order_id, 235_600);
    dollars["currency"] = json!("USD");
    stage.tell("payment.captured", &dollars).await;
    assert_eq!(stage.status(&ask).await, "payment_review");
    assert_eq!(stage.app.said::<PaymentMismatch>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_second_capture_is_kept_apart(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.captured().await;
    let order = &created.provider_order_id;
    let second = stage.psp.pay(order, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &second).await;
    assert!(stage.app.said_names().await.is_empty());
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(stage.account("suspense").await, -235_600);
    assert_eq!(stage.account("psp_clearing").await, 471_200);
    let all = stage.app.as_staff(&["payments.manage"]).get("/v1/admin/payments").await.expect(200);
    assert_eq!(all["items"][0]["surplus_captures"], 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_that_came_too_early_is_acted_upon_later(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    // As if the provider was faster than our record of its order.
    let order = created.provider_order_id;
    sqlx::query("update payments set provider_order_id = null").execute(&stage.pool).await.unwrap();
    stage.tell("payment.captured", &entity("pay_early", &order, 235_600)).await;
    assert!(stage.app.said_names().await.is_empty());
    assert_eq!(outcome(&stage).await, "unmatched");

    let retry = format!("/v1/payments/{}/retry", ask.payment_id);
    let _ = stage.app.as_user(ask.buyer).post(&retry, json!({})).await.expect(202);
    stage.app.run_jobs().await;
    assert_eq!(stage.app.said::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.status(&ask).await, "captured");
    assert_eq!(outcome(&stage).await, "taken");
}

async fn outcome(stage: &Stage) -> String {
    sqlx::query_scalar("select outcome from webhooks").fetch_one(&stage.pool).await.unwrap()
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn events_that_make_no_sense_are_kept_and_change_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    for amount in [json!(235_600.0), json!("235600"), json!(null), json!(-1)] {
        let mut odd = entity("pay_1", order, 0);
        odd["amount"] = amount;
        stage.tell("payment.captured", &odd).await;
    }
    for (n, body) in ["<html>", "[]", "{\"event\":\"payment.captured\"", "null"].iter().enumerate()
    {
        let body = body.as_bytes().to_vec();
        let id = format!("evt_odd_{n}");
        let _ = stage.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.status(&ask).await, "pending");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from webhooks where outcome = 'unreadable'")
            .fetch_one(&stage.pool)
            .await
            .unwrap();
    assert_eq!(kept, 8);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_of_long_ago_is_refused_and_one_of_yesterday_is_not(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let body = stage.event("payment.captured", &entity("pay_1", "order_unknown", 1));
    let good = sign(SECRET, &body);
    stage.advance(24 * 3600);
    let _ = stage.deliver(Some("evt_1"), Some(&good), body.clone()).await.expect(200);
    stage.advance(8 * 24 * 3600);
    let answer = stage.deliver(Some("evt_2"), Some(&good), body).await;
    let _ = answer.problem(401, "payment/webhook-stale");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_body_that_is_too_large_is_not_read(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let body = vec![b' '; 65 * 1024];
    let good = sign(SECRET, &body);
    let answer = stage.deliver(Some("evt_1"), Some(&good), body).await;
    let _ = answer.problem(413, "payload-too-large");
}

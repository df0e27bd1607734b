//! The provider tells: believed only when signed, kept once, harmless in any order.

use contracts::payment::PaymentCaptured;
use payment::App;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;

use crate::stage::{HOOK, SECRET, Stage, config, entity, sign};

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
        answer.problem(401, "payment/webhook-forged");
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
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn the_old_secret_counts_while_it_is_named_and_never_after(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let body =
        stage.event("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600));
    let old = sign("whsec_old", &body);

    let mut rotated = config(stage.psp.running.url());
    rotated.provider.webhook_secret_previous = None;
    let after = TestApp::<App>::start(stage.pool.clone(), rotated).await;
    let client = after.anonymous().with("x-razorpay-signature", &old);
    let refused = client.send(Method::POST, HOOK, Some(("application/json", body.clone()))).await;
    refused.problem(401, "payment/webhook-forged");
    assert_eq!(after.run_jobs().await, 0);

    stage.deliver(Some("evt_1"), Some(&old), body).await.expect(200);
    stage.app.run_jobs().await;
    assert_eq!(stage.status(&ask).await, "captured");
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
    assert_eq!(stage.app.run_jobs().await, 0, "it was acted upon when it came");
    stage.bring("evt_1", "payment.captured", &entity).await.expect(200);
    // Replayed under another id, which nobody signed.
    stage.tell("payment.captured", &entity).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
    assert_eq!(stage.account("psp_clearing").await, 235_600);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_without_an_id_is_known_by_its_bytes(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, created) = stage.pending().await;
    let body =
        stage.event("payment.captured", &entity("pay_1", &created.provider_order_id, 235_600));
    for _ in 0..2 {
        stage.deliver(None, Some(&sign(SECRET, &body)), body.clone()).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_buyers_own_word_pays_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let before = stage.view(&ask).await;
    let buyer = stage.app.as_user(ask.buyer);
    let claim = json!({
        "razorpay_payment_id": "pay_1", "razorpay_order_id": created.provider_order_id,
        "razorpay_signature": sign("a guess", b"order|pay_1"), "status": "captured",
    });
    let payment = format!("/v1/payments/{}", ask.payment_id);
    buyer.post(&payment, &claim).await.problem(405, "method-not-allowed");
    buyer.patch(&payment, &claim).await.problem(405, "method-not-allowed");
    buyer.post(&format!("{payment}/callback"), &claim).await.problem(404, "not-found");
    buyer.post(&format!("{payment}/retry"), &claim).await.problem(400, "unknown-field");
    buyer.post(HOOK, &claim).await.problem(401, "payment/webhook-forged");
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.view(&ask).await, before);
    assert!(stage.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_id_that_another_event_came_with_hides_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    // Ids are not signed: somebody brings an event of long ago under the id of the next one.
    stage.bring("evt_1", "payment.authorized", &json!({})).await.expect(200);
    let paid = entity("pay_1", &created.provider_order_id, 235_600);
    for _ in 0..2 {
        stage.bring("evt_1", "payment.captured", &paid).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.status(&ask).await, "captured");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_that_cannot_be_acted_upon_is_kept_and_tried_again(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (_, first) = stage.pending().await;
    let (ask, second) = stage.pending().await;
    stage.tell("payment.captured", &entity("pay_1", &first.provider_order_id, 235_600)).await;
    // One attempt cannot pay two orders.
    let again = entity("pay_1", &second.provider_order_id, 235_600);
    stage.bring("evt_2", "payment.captured", &again).await.expect(200);
    assert_eq!(stage.app.run_jobs().await, 1);
    let open = "select count(*) from webhooks where event_id = 'evt_2' and outcome is null";
    let open: i64 = sqlx::query_scalar(open).fetch_one(&stage.pool).await.unwrap();
    assert_eq!(open, 1, "what the provider said is not lost");
    assert_eq!(stage.status(&ask).await, "pending");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn an_event_of_an_order_that_nobody_knows_waits_and_disturbs_nobody(pool: PgPool) {
    let stage = Stage::start(pool).await;
    stage.tell("payment.captured", &entity("pay_0", "order_Unknown", 100)).await;
    assert_eq!(stage.kept("unmatched").await, 1);
    assert!(stage.app.emitted_names().await.is_empty());
    assert_eq!(stage.account("suspense").await, 0);
    stage.captured().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn events_that_make_no_sense_are_kept_and_change_nothing(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let order = &created.provider_order_id;
    for amount in [json!(235_600.0), json!("235600"), json!(null), json!(-1), json!(0)] {
        let mut odd = entity("pay_1", order, 0);
        odd["amount"] = amount;
        stage.tell("payment.captured", &odd).await;
    }
    let deep = [br#"{"event":"#.to_vec(), vec![b'['; 10_000]].concat();
    let odd: [&[u8]; 7] = [
        b"<html>",
        b"[]",
        b"null",
        br#"{"event":"payment.captured""#,
        br#"{"event":"payment.\u0000captured"}"#,
        b"{\"event\":\"\xff\"}",
        &deep,
    ];
    for (n, body) in odd.into_iter().enumerate() {
        let body = body.to_vec();
        let id = format!("evt_odd_{n}");
        stage.deliver(Some(&id), Some(&sign(SECRET, &body)), body).await.expect(200);
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.status(&ask).await, "pending");
    assert_eq!(stage.kept("unreadable").await, 12);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_replay_of_long_ago_is_refused_and_one_within_the_providers_own_time_is_not(
    pool: PgPool,
) {
    let stage = Stage::start(pool).await;
    let body = stage.event("payment.captured", &entity("pay_1", "order_unknown", 1));
    let good = sign(SECRET, &body);
    stage.advance(24 * 3600);
    stage.deliver(Some("evt_1"), Some(&good), body.clone()).await.expect(200);
    stage.advance(8 * 24 * 3600);
    let answer = stage.deliver(Some("evt_2"), Some(&good), body).await;
    answer.problem(401, "payment/webhook-stale");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_body_that_is_too_large_is_not_read(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let body = vec![b' '; 65 * 1024];
    let good = sign(SECRET, &body);
    let answer = stage.deliver(Some("evt_1"), Some(&good), body).await;
    answer.problem(413, "payload-too-large");
}

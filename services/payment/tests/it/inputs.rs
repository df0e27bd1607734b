//! What comes in at the door that should not.

use contracts::payment::{PaymentCreated, PaymentFailed};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{refuses_hostile_bodies, refuses_unseen_texts};

use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_route_takes_a_body_it_does_not_know(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let before = stage.view(&ask).await;
    let share = &ask.shares[0];
    let collect =
        format!("/v1/vendors/{}/orders/{}/cod-collected", share.vendor_id, share.seller_order_id);
    for (client, path) in [
        (stage.app.as_user(ask.buyer), format!("/v1/payments/{}/retry", ask.payment_id)),
        (stage.app.as_vendor(share.vendor_id), collect),
    ] {
        refuses_hostile_bodies(&client, &Method::POST, &path, &json!({})).await;
        client.post(&format!("{path}?force=1"), ()).await.problem(400, "unknown-field");
    }
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.view(&ask).await, before);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn no_reason_and_no_party_is_one_that_nobody_sees(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let id = ask.payment_id;
    let inr = json!({"amount": 100, "currency": "INR"});
    let reason = json!({"reason": "It was sent back."});
    let cash = json!({
        "party": "Blue Dart", "seller_orders": [ask.shares[0].seller_order_id], "received": inr,
        "reason": "One was lost.", "bank_reference": "HDFC00000001"
    });
    let settled = json!({"bank_reference": "HDFC00000001", "without_account": "At the door."});
    let staff = stage.app.as_staff(&["payments.manage"]).key("unseen");
    for (path, good, at) in [
        (
            "refunds".to_owned(),
            json!({"payment_id": id, "amount": inr, "reason": "late"}),
            "/reason",
        ),
        (format!("refunds/{id}/settled"), settled, "/without_account"),
        (format!("refunds/{id}/dismiss"), reason.clone(), "/reason"),
        ("cod-remittances".to_owned(), cash.clone(), "/party"),
        ("cod-remittances".to_owned(), cash, "/reason"),
        (format!("payouts/{id}/hold"), reason, "/reason"),
        ("write-offs".to_owned(), json!({"vendor_id": id, "reason": "gone"}), "/reason"),
        (
            format!("disputes/{id}/bearer"),
            json!({"bearer": "platform", "reason": "late"}),
            "/reason",
        ),
        (
            "settlement-explanations".to_owned(),
            json!({"difference_id": 1, "reason": "?"}),
            "/reason",
        ),
    ] {
        let path = format!("/v1/admin/{path}");
        refuses_unseen_texts(&staff, &Method::POST, &path, (&good, &[at])).await;
    }
    stage.forget_what_was_said().await;
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_body_that_says_nothing_is_as_good_as_none(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let path = format!("/v1/payments/{}/retry", ask.payment_id);
    for nothing in [json!({}), Value::Null] {
        stage.app.as_user(ask.buyer).post(&path, nothing).await.expect(202);
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn twenty_tries_with_one_key_open_one_way_to_pay(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, created) = stage.pending().await;
    let failed = stage.psp.pay(&created.provider_order_id, json!({"outcome": "failed"})).await;
    stage.tell("payment.failed", &failed).await;
    assert_eq!(stage.app.emitted::<PaymentFailed>().await.len(), 1);

    let path = format!("/v1/payments/{}/retry", ask.payment_id);
    let buyer = stage.app.as_user(ask.buyer).key("k-1");
    let answers = join_all((0..20).map(|_| buyer.post(&path, ()))).await;
    let first = answers[0].value();
    let mut replayed = 0;
    for answer in answers {
        replayed += usize::from(answer.header("idempotency-replayed") == Some("true"));
        assert_eq!(answer.expect(202), first);
    }
    assert_eq!(replayed, 19);
    assert_eq!(stage.app.run_jobs().await, 1);
    assert_eq!(stage.app.emitted::<PaymentCreated>().await.len(), 1);
    // Once more, after the new way was opened: the answer of then, and no further way.
    assert_eq!(buyer.post(&path, ()).await.expect(202), first);
    assert_eq!(stage.app.run_jobs().await, 0);

    let other = format!("/v1/payments/{}/retry", stage.pending().await.0.payment_id);
    buyer.post(&other, ()).await.problem(422, "idempotency/key-reused");
}

//! Who may see what: somebody else's thing is not there, a wrong role is told so.

use kernel::{PaymentId, SellerOrderId, UserId, VendorId};
use reqwest::Method;
use serde_json::Value;
use sqlx::PgPool;

use crate::stage::Stage;

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn somebody_elses_payment_looks_like_none(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let before = stage.view(&ask).await;
    let stranger = stage.app.as_user(UserId::new());
    for (method, tail) in [(Method::GET, ""), (Method::POST, "/retry")] {
        let theirs = format!("/v1/payments/{}{tail}", ask.payment_id);
        let missing = format!("/v1/payments/{}{tail}", PaymentId::new());
        let mut theirs =
            stranger.send(method.clone(), &theirs, None).await.problem(404, "not-found");
        let mut missing =
            stranger.send(method.clone(), &missing, None).await.problem(404, "not-found");
        for problem in [&mut theirs, &mut missing] {
            let members = problem.as_object_mut().unwrap();
            members.remove("instance");
            members.remove("trace_id");
        }
        assert_eq!(theirs, missing);
    }
    stranger.get("/v1/payments/no-id").await.problem(404, "not-found");
    assert_eq!(stage.app.run_jobs().await, 0);
    assert_eq!(stage.view(&ask).await, before);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn nobody_reads_another_sellers_books(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let (mine, theirs) = (ask.shares[0].vendor_id, ask.shares[1].vendor_id);
    let order = SellerOrderId::new();
    for (method, path) in [
        (Method::GET, format!("/v1/vendors/{theirs}/balance")),
        (Method::GET, format!("/v1/vendors/{theirs}/ledger")),
        (Method::GET, format!("/v1/vendors/{theirs}/earnings")),
        (Method::POST, format!("/v1/vendors/{theirs}/orders/{order}/cod-collected")),
    ] {
        let seller = stage.app.as_vendor(mine).send(method.clone(), &path, None).await;
        seller.problem(404, "not-found");
        let buyer = stage.app.as_buyer().send(method.clone(), &path, None).await;
        buyer.problem(403, "forbidden");
        let nobody = stage.app.anonymous().send(method, &path, None).await;
        nobody.problem(401, "unauthenticated");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn staff_who_see_payments_see_what_a_seller_sees_of_its_money(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let vendor = ask.shares[0].vendor_id;
    let seller = stage.app.as_vendor(vendor);
    let staff = stage.app.as_staff(&["payments.manage"]);
    let looks = stage.app.as_staff(&["look"]);
    for tail in ["balance", "ledger", "earnings", "payouts", "statements", "statements/2026-11.csv"]
    {
        let path = format!("/v1/vendors/{vendor}/{tail}");
        let (shown, own) = (staff.get(&path).await, seller.get(&path).await);
        assert_eq!((shown.status.as_u16(), shown.text()), (200, own.text()), "{tail}");
        let refused = looks.get(&path).await.problem(403, "forbidden");
        assert!(refused["detail"].as_str().unwrap().ends_with("payments.manage"), "{refused}");
    }
    let payout = format!("/v1/vendors/{vendor}/payouts/{}", kernel::PayoutId::new());
    staff.get(&payout).await.problem(404, "not-found");
    staff.get("/v1/vendors/me/balance").await.problem(404, "not-found");
    let order = ask.shares[0].seller_order_id;
    let cash = format!("/v1/vendors/{vendor}/orders/{order}/cod-collected");
    staff.send(Method::POST, &cash, None).await.problem(403, "forbidden");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_lists_payments(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let path = "/v1/admin/payments";
    stage.app.anonymous().get(path).await.problem(401, "unauthenticated");
    stage.app.as_buyer().get(path).await.problem(403, "forbidden");
    stage.app.as_vendor(VendorId::new()).get(path).await.problem(403, "forbidden");
    stage.app.as_staff(&["look"]).get(path).await.problem(403, "forbidden");
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.get(path).await.expect(200);
    staff.get("/v1/admin/payments?status=paid").await.problem(422, "validation-error");
    staff.get("/v1/admin/payments?limit=0").await.problem(422, "validation-error");
    staff.get("/v1/admin/payments?after=x").await.problem(422, "validation-error");
    staff.get("/v1/admin/payments?state=x").await.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn only_staff_with_the_permission_sees_and_settles_refunds(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let settle = format!("/v1/admin/refunds/{}/settled", kernel::RefundId::new());
    let body = serde_json::json!({"bank_reference": "UTR20261130001"});
    for (client, status, slug) in [
        (stage.app.anonymous(), 401, "unauthenticated"),
        (stage.app.as_buyer(), 403, "forbidden"),
        (stage.app.as_vendor(VendorId::new()), 403, "forbidden"),
        (stage.app.as_staff(&["look"]), 403, "forbidden"),
    ] {
        client.get("/v1/admin/refunds").await.problem(status, slug);
        client.post(&settle, &body).await.problem(status, slug);
    }
    let staff = stage.app.as_staff(&["payments.manage"]);
    staff.get("/v1/admin/refunds").await.expect(200);
    staff.get("/v1/admin/refunds?status=lost").await.problem(422, "validation-error");
    staff.get("/v1/admin/refunds?state=x").await.problem(400, "unknown-field");
    staff.post(&settle, &body).await.problem(404, "not-found");
    let odd = serde_json::json!({"bank_reference": "<b>"});
    staff.post(&settle, &odd).await.problem(422, "validation-error");
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn each_reader_sees_the_members_meant_for_it(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.captured().await;
    let vendor = ask.shares[0].vendor_id;
    let path = format!("/v1/vendors/{vendor}/ledger");
    let ledger = stage.app.as_vendor(vendor).get(&path).await.expect(200);
    assert_eq!(
        members(&ledger["items"][0]),
        [
            "account",
            "amount",
            "cause",
            "entry_id",
            "parts",
            "payment_id",
            "posted_at",
            "seller_order_id",
            "what",
            "why"
        ],
        "no buyer"
    );
    let staff = stage.app.as_staff(&["payments.manage"]);
    let all = staff.get("/v1/admin/payments").await.expect(200);
    let listed = [
        "amount",
        "attempts",
        "buyer",
        "checkout_id",
        "created_at",
        "method",
        "order_id",
        "order_number",
        "payment_id",
        "provider_order_id",
        "status",
        "surplus_captures",
        "updated_at",
    ];
    assert_eq!(members(&all["items"][0]), listed, "a buyer by id only");
    let own = [
        "amount",
        "attempts",
        "expires_at",
        "method",
        "order_id",
        "payment_id",
        "provider_order_id",
        "qr",
        "status",
        "upi_intent",
    ];
    assert_eq!(members(&stage.view(&ask).await), own, "nothing of what the sellers get");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_payment_is_not_shown_to_nobody(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let (ask, _) = stage.pending().await;
    let path = format!("/v1/payments/{}", ask.payment_id);
    stage.app.anonymous().get(&path).await.problem(401, "unauthenticated");
    let retry = format!("{path}/retry");
    let nobody = stage.app.anonymous().send(Method::POST, &retry, None).await;
    nobody.problem(401, "unauthenticated");
}

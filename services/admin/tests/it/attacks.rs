//! What somebody tries who means no good.

use admin::{App, Config};
use axum::http::Method;
use chassis::auth::callers::may;
use chassis::dead_letters;
use contracts::Event;
use contracts::admin::VendorDecided;
use contracts::product::ProductUpserted;
use contracts::rating::ReviewSubmitted;
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::VendorId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{TestApp, refuses_hostile_bodies, refuses_unseen_texts, sample};

fn approve() -> Value {
    json!({ "decision": "approve", "reason": "documents match" })
}

async fn waiting(pool: PgPool) -> (TestApp<App>, String) {
    let app = TestApp::<App>::start(pool, Config::default()).await;
    let seller = VendorChanged { status: VendorStatus::Submitted, ..sample() };
    let path = format!("/v1/admin/vendors/{}/decisions", seller.vendor_id);
    app.deliver(seller).await;
    (app, path)
}

async fn nothing_happened(app: &TestApp<App>) {
    assert!(app.emitted_names().await.is_empty());
    let trail = app.as_staff(may::ALL).get("/v1/admin/audit").await.expect(200);
    assert_eq!(trail["items"], json!([]));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn hostile_bodies_and_paths_are_refused_by_every_route_that_takes_one(pool: PgPool) {
    let (app, vendors) = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    for path in
        [&vendors, &vendors.replace("vendors", "products"), &vendors.replace("vendors", "reviews")]
    {
        refuses_hostile_bodies(&staff, &Method::POST, path, &approve()).await;
        refuses_unseen_texts(&staff, &Method::POST, path, (&approve(), &["/reason"])).await;
    }
    for kind in ["vendors", "products", "reviews"] {
        for id in ["7", "%00", "..", "%27%20or%201=1", &VendorId::new().to_string()] {
            let path = format!("/v1/admin/{kind}/{id}/decisions");
            staff.post(&path, approve()).await.problem(404, "not-found");
        }
    }
    nothing_happened(&app).await;
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_reason_is_plain_text(pool: PgPool) {
    let (app, path) = waiting(pool).await;
    let staff = app.as_staff(may::ALL);
    for (key, value) in [
        ("reason", json!("")),
        ("reason", json!(" \n ")),
        ("reason", json!("x".repeat(501))),
        ("reason", json!("a\u{0}b")),
        ("reason", json!("\u{202e}gpj")),
        ("reason", json!("a\u{1b}[31m")),
        ("reason", json!("a\r\nBcc: x")),
        ("reason", json!(null)),
        ("reason", json!(7)),
        ("decision", json!("bless")),
        ("decision", json!("unknown")),
        ("decision", json!("Approve")),
        ("decision", json!("")),
        ("decision", json!({})),
        ("decision", json!(null)),
    ] {
        let mut body = approve();
        body[key] = value.clone();
        let problem = staff.post(&path, body).await.problem(422, "validation-error");
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with(&format!("/{key}")), "{key} {value}: {problem}");
    }
    let half = approve().to_string().replace("documents", "\\ud800");
    let half = staff.send(Method::POST, &path, Some(("application/json", half.into_bytes()))).await;
    half.problem(422, "validation-error");
    nothing_happened(&app).await;

    let longest = "\u{1f44d}".repeat(500);
    let body = json!({ "decision": "approve", "reason": longest });
    staff.post(&path, body).await.expect(202);
    assert_eq!(app.emitted::<VendorDecided>().await[0].reason, longest);
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn twenty_at_once_with_one_key_are_one_decision_and_one_answer(pool: PgPool) {
    let (app, path) = waiting(pool).await;
    let staff = app.as_staff(may::ALL).key("k-1");
    let asked = (0..20).map(|_| staff.post(&path, approve()));
    let answers = futures::future::join_all(asked).await;
    let first = answers[0].clone().expect(202);
    for answer in answers {
        assert_eq!(answer.expect(202), first);
    }
    let other = json!({ "decision": "reject", "reason": "second thoughts" });
    staff.post(&path, other).await.problem(422, "idempotency/key-reused");
    assert_eq!(app.emitted::<VendorDecided>().await.len(), 1);
    let trail = app.as_staff(may::ALL).get("/v1/admin/audit").await.expect(200);
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn what_sellers_and_buyers_write_is_shown_to_staff_as_text(pool: PgPool) {
    let (app, _) = waiting(pool).await;
    let script = "<img src=x onerror=alert(1)><script>alert(1)</script>";
    app.deliver(VendorChanged {
        display_name: script.into(),
        vendor_id: VendorId::new(),
        ..sample()
    })
    .await;
    app.deliver(ProductUpserted { title: script.into(), ..sample() }).await;
    app.deliver(ReviewSubmitted { text: Some(script.into()), ..sample() }).await;
    let staff = app.as_staff(&["look"]);
    for (queue, nth, member) in
        [("vendors", 1, "display_name"), ("products", 0, "title"), ("reviews", 0, "text")]
    {
        let answer = staff.get(&format!("/v1/admin/{queue}")).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap_or_default().to_owned();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(answer.expect(200)["items"][nth][member], script);
    }
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_name_that_no_table_can_hold_is_put_aside_and_the_next_is_heard(pool: PgPool) {
    let (app, _) = waiting(pool).await;
    let poison =
        VendorChanged { display_name: "a\0b".into(), vendor_id: VendorId::new(), ..sample() };
    app.deliver_record(app.record(&poison)).await;
    let odd = VendorChanged {
        display_name: "\u{202e}=1+1".into(),
        vendor_id: VendorId::new(),
        ..sample()
    };
    app.deliver_record(app.record(&odd)).await;

    let letters = dead_letters::list(app.db()).await.unwrap();
    assert_eq!(
        letters.iter().map(|l| l.problem.as_str()).collect::<Vec<_>>(),
        ["validation-error"]
    );
    assert_eq!(letters[0].key, poison.key());
    let queue = app.as_staff(&["look"]).get("/v1/admin/vendors").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn staff_see_no_more_of_a_person_than_their_work_needs(pool: PgPool) {
    let (app, _) = waiting(pool).await;
    app.deliver(sample::<ReviewSubmitted>()).await;
    app.deliver(sample::<contracts::order::OrderConfirmed>()).await;
    let staff = app.as_staff(&["look"]);
    for (list, wanted) in [
        (
            "reviews",
            vec![
                "order_id",
                "review_id",
                "stars",
                "status",
                "target_id",
                "target_kind",
                "text",
                "title",
            ],
        ),
        (
            "orders",
            vec!["buyer_id", "number", "order_id", "placed_at", "seller_orders", "status", "total"],
        ),
        (
            "vendors",
            vec![
                "display_name",
                "documents",
                "enrolment",
                "gstin",
                "legal_name",
                "scheme",
                "since",
                "status",
                "strikes",
                "vendor_id",
            ],
        ),
    ] {
        let page = staff.get(&format!("/v1/admin/{list}")).await.expect(200);
        let members: Vec<_> = page["items"][0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, wanted, "{list}");
    }
}

//! What somebody tries who means no good.

use axum::http::Method;
use contracts::admin::{Decision, ReviewModerated};
use contracts::order::SellerOrderDelivered;
use contracts::rating::{RatingSummary, ReviewSubmitted};
use futures::future::join_all;
use kernel::{ReviewId, UserId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{refuses_hostile_bodies, sample};

use crate::scene::{Scene, buyer};

const SCRIPTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "\"><iframe srcdoc=&lt;script&gt;>",
    "{{constructor.constructor('alert(1)')()}}",
    "'; drop table reviews; --",
];

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn anothers_review_is_as_if_it_were_not_there(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let review = scene.submit(5).await;
    scene.decide(review, Decision::Approve).await;
    let path = format!("/v1/reviews/{review}");
    let mut seller = scene.app.claims(UserId::new());
    seller.vendors = vec![scene.delivered.seller_order.vendor_id];
    for stranger in
        [scene.app.as_buyer(), scene.app.as_claims(&seller), scene.app.as_staff(&["look"])]
    {
        let foreign = stranger.delete(&path).await.problem(404, "not-found");
        let missing = format!("/v1/reviews/{}", ReviewId::new());
        let mut missing = stranger.delete(&missing).await.problem(404, "not-found");
        missing["instance"] = foreign["instance"].clone();
        assert_eq!(foreign, missing);
        for method in [Method::PUT, Method::PATCH, Method::GET] {
            stranger.send(method, &path, None).await.problem(405, "method-not-allowed");
        }
        let reply = stranger.post(&format!("{path}/replies"), json!({ "text": "x" })).await;
        reply.problem(404, "not-found");
    }
    scene.app.anonymous().delete(&path).await.problem(401, "unauthenticated");
    assert_eq!(scene.page().await["count"], 1);
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn stars_cannot_be_made_up(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let fresh: Vec<_> = (0..100).map(|_| scene.app.as_buyer()).collect();
    let flood = fresh.iter().map(|account| account.post("/v1/reviews", scene.review(5)));
    for answer in join_all(flood).await {
        answer.problem(403, "rating/not-eligible");
    }
    let mut own = scene.app.claims(buyer());
    own.vendors = vec![scene.delivered.seller_order.vendor_id];
    let own = scene.app.as_claims(&own).post("/v1/reviews", scene.review(5)).await;
    own.problem(403, "rating/own-shop");
    let client = scene.app.as_user(buyer());
    let many = join_all((0..20).map(|n| client.post("/v1/reviews", scene.review(n % 5 + 1)))).await;
    let (taken, again): (Vec<_>, Vec<_>) = many.into_iter().partition(|a| a.status == 201);
    assert_eq!(taken.len(), 1);
    for answer in again {
        answer.problem(409, "rating/already-reviewed");
    }
    assert_eq!(scene.app.emitted::<ReviewSubmitted>().await.len(), 1);
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn markup_stays_text(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for (nth, script) in SCRIPTS.iter().enumerate() {
        let delivered = scene.deliver_again().await;
        let mut body = scene.review(5);
        body["order_id"] = json!(delivered.seller_order.order_id);
        body["title"] = json!(script);
        body["text"] = json!(script);
        let made = scene.app.as_user(buyer()).post("/v1/reviews", &body).await.expect(201);
        let event = scene.app.emitted::<ReviewSubmitted>().await.remove(0);
        assert_eq!((event.title.as_deref(), event.text.as_deref()), (Some(*script), Some(*script)));
        scene.decide(made["review_id"].as_str().unwrap().parse().unwrap(), Decision::Approve).await;
        let path = format!("/v1/products/{}/reviews?limit=100", scene.product());
        let page = scene.app.anonymous().get(&path).await;
        assert_eq!(page.header("content-type"), Some("application/json"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        let page = page.expect(200);
        assert_eq!((&page["items"][0]["text"], &page["count"]), (&body["text"], &json!(nth + 1)));
    }
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn what_steers_its_reader_is_refused_and_what_is_only_odd_is_text(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer());
    let with = |key: &str, value: &str| {
        let mut review = scene.review(5);
        review[key] = json!(value);
        review
    };
    for key in ["title", "text"] {
        for odd in [
            "a\u{0}b",
            "\u{202e}gpj",
            "\u{2066}x",
            "a\u{1b}[31m",
            "a\r\nBcc: x",
            "\u{7f}",
            "\u{2028}x",
        ] {
            let refused = client.post("/v1/reviews", with(key, odd)).await;
            let problem = refused.problem(422, "validation-error");
            assert_eq!(problem["errors"][0]["pointer"], format!("/{key}"), "{odd:?}");
        }
        let half = with(key, "?").to_string().replace("\"?\"", "\"\\ud800\"");
        let body = Some(("application/json", half.into_bytes()));
        client.send(Method::POST, "/v1/reviews", body).await.problem(422, "validation-error");
        let huge = client.post("/v1/reviews", with(key, &"x".repeat(1 << 20))).await;
        huge.problem(413, "payload-too-large");
    }
    let mut odd = with("title", "\u{1f9f5}\u{1f44d}\u{1f3fd} जय");
    odd["text"] = json!("  \n ");
    let made = client.post("/v1/reviews", odd).await.expect(201);
    scene.decide(made["review_id"].as_str().unwrap().parse().unwrap(), Decision::Approve).await;
    let shown = &scene.page().await["items"][0];
    assert_eq!(
        (&shown["title"], &shown["text"]),
        (&json!("\u{1f9f5}\u{1f44d}\u{1f3fd} जय"), &Value::Null)
    );
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_title_and_a_text_that_nobody_sees_are_left_out(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer());
    let mut review = scene.review(5);
    review["title"] = json!("\u{200b}\u{3164}\u{ad}\u{2800}\u{2060}\u{180e}\u{115f}\u{1160}");
    review["text"] = json!("\u{ffa0}\u{34f}\u{fe0f}\n\u{e0041}\u{200c}\u{200d}\u{1d159}");
    let made = client.post("/v1/reviews", review).await.expect(201);
    scene.decide(made["review_id"].as_str().unwrap().parse().unwrap(), Decision::Approve).await;
    let shown = &scene.page().await["items"][0];
    assert_eq!((&shown["title"], &shown["text"]), (&Value::Null, &Value::Null));
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn wrong_values_are_refused_and_named(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer());
    let product = scene.product();
    for (key, value) in [
        ("stars", json!(0)),
        ("stars", json!(6)),
        ("stars", json!(-1)),
        ("stars", json!(4.5)),
        ("stars", json!(256)),
        ("stars", json!(1e10)),
        ("stars", json!("5")),
        ("stars", json!(null)),
        ("title", json!("x".repeat(121))),
        ("title", json!(7)),
        ("text", json!("é".repeat(4001))),
        ("text", json!(["x"])),
        ("order_id", json!("7")),
        ("order_id", json!(null)),
        ("target", json!({})),
        ("target", json!(null)),
        ("target", json!({ "product_id": null })),
        ("target", json!({ "product_id": product, "vendor_id": product })),
    ] {
        let mut review = scene.review(5);
        review[key] = value.clone();
        let problem = client.post("/v1/reviews", review).await.problem(422, "validation-error");
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert!(pointer.starts_with(&format!("/{key}")), "{key} {value}: {problem}");
    }
    for (key, value) in
        [("approved", json!(true)), ("author", json!(buyer())), ("status", json!("published"))]
    {
        let mut review = scene.review(5);
        review[key] = value;
        client.post("/v1/reviews", review).await.problem(400, "unknown-field");
    }
    let mut inside = scene.review(5);
    inside["target"]["vendor"] = json!(product);
    let problem = client.post("/v1/reviews", inside).await.problem(400, "unknown-field");
    assert_eq!(problem["errors"][0]["pointer"], "/target/vendor");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn hostile_bodies_and_paths_are_refused(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer());
    refuses_hostile_bodies(&client, &Method::POST, "/v1/reviews", &scene.review(5)).await;
    for id in ["7", "%00", "..", "%27%20or%201=1", &"9".repeat(4_000)] {
        client.delete(&format!("/v1/reviews/{id}")).await.problem(404, "not-found");
        for kind in ["products", "vendors"] {
            client.get(&format!("/v1/{kind}/{id}/reviews")).await.problem(404, "not-found");
        }
    }
    let list = format!("/v1/products/{}/reviews", scene.product());
    for wrong in [
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=1e6",
        "limit=2147483648",
        "limit=99999999999999999999",
        "limit=",
        "limit=%00",
        "after=x",
        "after=e30",
        "after=%00",
        "limit=1&limit=2",
    ] {
        let refused = scene.app.anonymous().get(&format!("{list}?{wrong}")).await;
        refused.problem(422, "validation-error");
    }
    assert!(scene.app.emitted_names().await.is_empty());
    assert_eq!(scene.page().await["count"], 0);
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_list_does_not_say_who_wrote(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let review = scene.submit(5).await;
    scene.decide(review, Decision::Approve).await;
    let page = scene.page().await;
    let members: Vec<_> = page["items"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["published_at", "review_id", "stars", "text", "title"]);
    let delivered = &scene.delivered.seller_order;
    for secret in [buyer().to_string(), delivered.order_id.to_string()] {
        assert!(!page.to_string().contains(&secret));
    }
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_forged_delivery_lets_nobody_rate_anothers_purchase(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let thief = UserId::new();
    let mut forged: SellerOrderDelivered = scene.delivered.clone();
    forged.seller_order.buyer = thief;
    scene.app.deliver(forged).await;
    let stolen = scene.app.as_user(thief).post("/v1/reviews", scene.review(1)).await;
    stolen.problem(403, "rating/not-eligible");
    scene.submit(5).await;
    scene.app.deliver(ReviewModerated { review_id: ReviewId::new(), ..sample() }).await;
    assert!(scene.app.emitted::<RatingSummary>().await.is_empty());
}

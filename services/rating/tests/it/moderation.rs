//! What staff decide, and what the stars add up to.

use contracts::admin::{Decision, ReviewModerated};
use contracts::rating::RatingSummary;
use futures::future::join_all;
use serde_json::json;
use sqlx::PgPool;
use testkit::sample;

use crate::scene::{Scene, buyer};

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn an_approved_review_is_public_and_counts_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let review = scene.submit(5).await;
    scene.decide(review, Decision::Approve).await;
    scene.decide(review, Decision::Approve).await;

    let page = scene.page().await;

    assert_eq!((&page["count"], &page["average"]), (&json!(1), &json!("5.00")));
    assert_eq!(page["histogram"], json!({ "1": 0, "2": 0, "3": 0, "4": 0, "5": 1 }));
    assert_eq!(page["items"][0]["title"], "Burns evenly");
    let emitted = scene.app.emitted::<RatingSummary>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!((emitted[0].sum, emitted[0].count), (5, 1));
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_removed_review_counts_no_more_and_can_come_back(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let review = scene.submit(2).await;
    for (decision, count) in
        [(Decision::Approve, 1), (Decision::Suspend, 0), (Decision::Approve, 1)]
    {
        scene.decide(review, decision).await;
        assert_eq!(scene.page().await["count"], count);
    }
    scene.app.as_user(buyer()).delete(&format!("/v1/reviews/{review}")).await.expect(204);
    assert_eq!(scene.page().await["count"], 0);
    assert_eq!(scene.page().await["average"], "0.00");
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_rejected_review_never_shows_and_an_unknown_one_harms_nobody(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let review = scene.submit(1).await;
    scene.decide(review, Decision::Reject).await;
    scene.app.deliver(sample::<ReviewModerated>()).await;
    assert_eq!(scene.page().await["items"], json!([]));
    assert!(scene.app.emitted::<RatingSummary>().await.is_empty());
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn the_average_is_exact_under_concurrent_decisions(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let mut reviews = Vec::new();
    for n in 0..20_u8 {
        let delivered = scene.deliver_again().await;
        let mut body = scene.review(n % 5 + 1);
        body["order_id"] = json!(delivered.seller_order.order_id);
        let made = scene.app.as_user(buyer()).post("/v1/reviews", body).await.expect(201);
        reviews.push(made["review_id"].as_str().unwrap().parse().unwrap());
    }

    for review in &reviews {
        scene.decide(*review, Decision::Approve).await;
    }
    let take_back = reviews.iter().step_by(5).map(|review| {
        let client = scene.app.as_user(buyer());
        async move { client.delete(&format!("/v1/reviews/{review}")).await.status }
    });
    assert!(join_all(take_back).await.iter().all(|status| status.as_u16() == 204));

    let page = scene.page().await;
    assert_eq!(page["histogram"], json!({ "1": 0, "2": 4, "3": 4, "4": 4, "5": 4 }));
    assert_eq!((&page["count"], &page["average"]), (&json!(16), &json!("3.50")));
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_long_list_comes_page_by_page(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for _ in 0..3 {
        let delivered = scene.deliver_again().await;
        let mut body = scene.review(5);
        body["order_id"] = json!(delivered.seller_order.order_id);
        let made = scene.app.as_user(buyer()).post("/v1/reviews", body).await.expect(201);
        scene.decide(made["review_id"].as_str().unwrap().parse().unwrap(), Decision::Approve).await;
    }
    let path = format!("/v1/products/{}/reviews", scene.product());
    let first = scene.app.anonymous().get(&format!("{path}?limit=2")).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let last = scene.app.anonymous().get(&format!("{path}?limit=2&after={next}")).await.expect(200);
    assert_eq!(
        (first["items"].as_array().unwrap().len(), last["items"].as_array().unwrap().len()),
        (2, 1)
    );
    assert_eq!(last["next"], json!(null));
    scene.app.anonymous().get(&format!("{path}?limit=0")).await.problem(422, "validation-error");
    scene.app.anonymous().get(&format!("{path}?after=x")).await.problem(422, "validation-error");
    scene.app.anonymous().get(&format!("{path}?sort=x")).await.problem(400, "unknown-field");
}

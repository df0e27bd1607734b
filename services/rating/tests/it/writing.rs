//! Who may write what.

use contracts::order::SellerOrderDelivered;
use contracts::rating::ReviewSubmitted;
use futures::future::join_all;
use kernel::{OrderId, ProductId, SellerOrderId};
use serde_json::json;
use sqlx::PgPool;

use crate::scene::{Scene, buyer};

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_delivered_product_and_its_seller_can_be_rated_once_each(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer());
    let seller = json!({ "target": { "vendor_id": scene.delivered.seller_order.vendor_id },
                         "order_id": scene.delivered.seller_order.order_id, "stars": 4 });

    client.post("/v1/reviews", scene.review(5)).await.expect(201);
    client.post("/v1/reviews", &seller).await.expect(201);

    client.post("/v1/reviews", scene.review(1)).await.problem(409, "rating/already-reviewed");
    let emitted = scene.app.emitted::<ReviewSubmitted>().await;
    assert_eq!(emitted.iter().map(|r| r.stars).collect::<Vec<_>>(), [5, 4]);
    assert_eq!(
        scene.page().await["items"],
        json!([]),
        "nothing is public before staff looked at it"
    );
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn what_was_not_bought_or_not_delivered_cannot_be_rated(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene
        .app
        .as_buyer()
        .post("/v1/reviews", scene.review(5))
        .await
        .problem(403, "rating/not-eligible");
    let mut other = scene.review(5);
    other["order_id"] = json!(OrderId::new());
    scene.app.as_user(buyer()).post("/v1/reviews", other).await.problem(403, "rating/not-eligible");
    scene
        .app
        .anonymous()
        .post("/v1/reviews", scene.review(5))
        .await
        .problem(401, "unauthenticated");
    let mut other = scene.review(5);
    other["target"] = json!({ "product_id": ProductId::new() });
    scene.app.as_user(buyer()).post("/v1/reviews", other).await.problem(403, "rating/not-eligible");
    assert!(scene.app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn the_same_key_writes_one_review(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer()).key("k-1");
    let first = client.post("/v1/reviews", scene.review(5)).await.expect(201);
    let again = client.post("/v1/reviews", scene.review(5)).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.expect(201), first);
    client.post("/v1/reviews", scene.review(4)).await.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn twenty_at_once_with_one_key_write_one_review_and_have_one_answer(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let client = scene.app.as_user(buyer()).key("k-2");
    let answers = join_all((0..20).map(|_| client.post("/v1/reviews", scene.review(5)))).await;
    let first = answers[0].clone().expect(201);
    for answer in answers {
        assert_eq!(answer.expect(201), first);
    }
    assert_eq!(scene.app.emitted::<ReviewSubmitted>().await.len(), 1);
}

#[sqlx::test(migrator = "rating::MIGRATOR")]
async fn a_delivery_heard_twice_is_one_purchase(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let mut again = scene.delivered.clone();
    again.seller_order.seller_order_id = SellerOrderId::new();
    scene.app.deliver::<SellerOrderDelivered>(again).await;
    scene.submit(5).await;
    let second = scene.app.as_user(buyer()).post("/v1/reviews", scene.review(5)).await;
    second.problem(409, "rating/already-reviewed");
}

//! Between the database and Redis: the process dies, Redis forgets, the client repeats. Nothing is ordered twice.

use chassis::janitor;
use contracts::order::OrderRejected;
use jiff::SignedDuration;
use kernel::CheckoutId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::scene::Scene;

impl Scene {
    async fn a_bowl(&self) {
        let bowl = json!({ "quantity": 1 });
        self.buyer().put("/v1/cart/lines/BOWL-1", bowl).await.expect(200);
    }
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_cart_whose_checkout_died_before_it_was_emptied_is_emptied_later(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let before = scene.kept().await;
    scene.check_out("k-1", 259_800).await.expect(202);
    scene.redis_goes_back_to(&before).await;
    scene.app.clock.advance(SignedDuration::from_secs(1));
    scene.a_bowl().await;

    scene.app.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(scene.app.run_jobs().await, 1);

    let lines = &scene.cart().await["sellers"][0]["lines"];
    assert_eq!(lines.as_array().unwrap().len(), 1, "{lines}");
    assert_eq!(lines[0]["sku"], "BOWL-1", "what came in since stays");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_redis_that_forgot_the_checkout_and_a_client_that_repeats_it_make_one_order(
    pool: PgPool,
) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let before = scene.kept().await;
    let first = scene.check_out("k-1", 259_800).await.expect(202);
    scene.redis_goes_back_to(&before).await;

    assert_eq!(scene.check_out("k-1", 259_800).await.expect(202), first);
    scene.check_out("k-1", 1).await.problem(422, "idempotency/key-reused");
    assert_eq!(scene.checkouts().await.len(), 1);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn lines_that_were_ordered_are_not_ordered_again_under_another_key(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let before = scene.kept().await;
    scene.check_out("k-1", 259_800).await.expect(202);
    scene.redis_goes_back_to(&before).await;

    scene.check_out("k-2", 259_800).await.problem(409, "cart/empty");

    // Together with what came in since, the buyer sees another total first.
    scene.redis_goes_back_to(&before).await;
    scene.app.clock.advance(SignedDuration::from_secs(1));
    scene.a_bowl().await;
    scene.check_out("k-2", 309_800).await.problem(409, "cart/price-changed");
    scene.check_out("k-2", 50_000).await.expect(202);
    let skus: Vec<_> = scene
        .checkouts()
        .await
        .into_iter()
        .map(|(_, body)| {
            body["lines"].as_array().unwrap().iter().map(|l| l["sku"].clone()).collect()
        })
        .collect::<Vec<Vec<Value>>>();
    assert_eq!(skus, [[json!("LAMP-BRASS-18")], [json!("BOWL-1")]]);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_redis_that_forgot_a_cart_altogether_does_not_stand_in_the_way_of_the_next(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for n in 0..3 {
        for _ in 0..5 {
            scene.two_lamps().await;
        }
        scene.check_out(&format!("k-{n}"), 259_800).await.expect(202);
        scene.redis_goes_back_to(&[("v".into(), "1".into())]).await;
        scene.app.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(scene.checkouts().await.len(), 3);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn two_checkouts_at_once_under_two_keys_order_every_line_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let (one, two) = (scene.buyer().key("k-1"), scene.buyer().key("k-2"));
    let wish = scene.wish(259_800);
    let (one, two) =
        tokio::join!(one.post("/v1/cart/checkout", &wish), two.post("/v1/cart/checkout", &wish));
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [202, 409]);
    assert_eq!(scene.checkouts().await.len(), 1);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_key_that_comes_again_after_its_answer_was_thrown_away_makes_no_second_order(
    pool: PgPool,
) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let first = scene.check_out("k-1", 259_800).await.expect(202);
    scene.app.clock.advance(janitor::IDEMPOTENCY * 2);
    assert_eq!(janitor::sweep(scene.app.db()).await.unwrap().idempotency, 1);
    scene.two_lamps().await;

    assert_eq!(scene.check_out("k-1", 259_800).await.expect(202), first);
    scene.check_out("k-1", 1).await.problem(422, "idempotency/key-reused");
    assert_eq!(scene.checkouts().await.len(), 1);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_process_that_dies_while_it_puts_lines_back_puts_them_back_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let rejected = OrderRejected { buyer: scene.buyer, ..sample() };
    scene.app.deliver(rejected).await;
    chassis::fail::arm(scene.app.db(), "job.after_act", 1);
    assert_eq!(scene.app.run_jobs().await, 1);
    let there = scene.cart().await;
    assert_eq!(there["sellers"][0]["lines"][0]["quantity"], 2);
    scene.buyer().delete("/v1/cart").await.expect(204);

    // The lease of the process that died ends by the database's clock.
    let over = "update chassis.job set lease_until = now() - interval '1 second'";
    sqlx::query(over).execute(scene.app.db().pool()).await.unwrap();
    assert_eq!(scene.app.run_jobs().await, 1);

    assert_eq!(scene.cart().await["sellers"], json!([]), "the buyer had thrown them out");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn lines_come_back_although_the_checkout_had_not_emptied_the_cart_yet(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let before = scene.kept().await;
    let checkout = scene.check_out("k-1", 259_800).await.expect(202);
    scene.redis_goes_back_to(&before).await;
    let checkout_id: CheckoutId = serde_json::from_value(checkout["checkout_id"].clone()).unwrap();
    let rejected = OrderRejected { checkout_id, buyer: scene.buyer, ..sample() };
    scene.app.deliver(rejected).await;
    scene.app.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(scene.app.run_jobs().await, 2);

    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn without_the_database_lines_go_in_and_a_checkout_says_when_to_come_back(pool: PgPool) {
    let scene = Scene::set(pool.clone()).await;
    pool.close().await;

    scene.two_lamps().await;
    let answer = scene.check_out("k-1", 259_800).await;

    assert!(answer.header("retry-after").is_some());
    answer.problem(503, "unavailable");
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2, "the cart stays");
}

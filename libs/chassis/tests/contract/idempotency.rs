//! The same request again has the same answer and no second effect.

use chassis::janitor;
use contracts::vendor::VendorApproved;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::Client;

use crate::stage::{Stage, made};

fn thing(name: &str) -> serde_json::Value {
    json!({"name": name})
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_same_key_and_body_answer_the_same_again(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous().key("k-1");

    let first = client.post("/v1/things", thing("lamp")).await;
    let second = client.post("/v1/things", thing("lamp")).await;

    assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, None));
    assert_eq!(
        (second.status.as_u16(), second.header("idempotency-replayed")),
        (201, Some("true"))
    );
    assert_eq!(first.body, second.body);
    assert_eq!(made(&pool).await, ["lamp"]);
    assert_eq!(stage.app.emitted::<VendorApproved>().await.len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn twenty_at_once_with_one_key_have_one_effect_and_one_answer(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous().key("k-2");
    let asking = (0..20).map(|_| {
        let client: Client = client.clone();
        tokio::spawn(async move { client.post("/v1/things", thing("lamp")).await })
    });
    let asking: Vec<_> = asking.collect();
    let mut replayed = 0;
    for answer in asking {
        let answer = answer.await.unwrap();
        replayed += usize::from(answer.header("idempotency-replayed") == Some("true"));
        assert_eq!(answer.expect(201), thing("lamp"));
    }

    assert_eq!(replayed, 19);
    assert_eq!(made(&pool).await, ["lamp"]);
    assert_eq!(stage.app.emitted::<VendorApproved>().await.len(), 1);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn another_body_under_a_used_key_is_refused(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous().key("k-3");
    client.post("/v1/things", thing("lamp")).await.expect(201);

    client.post("/v1/things", thing("vase")).await.problem(422, "idempotency/key-reused");

    assert_eq!(made(&pool).await, ["lamp"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_key_belongs_to_its_caller_and_to_its_route(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    for caller in [stage.app.as_buyer(), stage.app.as_buyer()] {
        caller.key("k-4").post("/v1/things", thing("lamp")).await.expect(201);
    }
    let anybody = stage.app.anonymous().key("k-5");
    anybody.post("/v1/things", thing("lamp")).await.expect(201);
    anybody.post("/v1/strict-things", thing("lamp")).await.problem(422, "idempotency/key-reused");

    assert_eq!(made(&pool).await.len(), 3);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_refused_request_leaves_its_key_free(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous().key("k-6");
    client.post("/v1/things", thing("refuse")).await.problem(422, "probe/refused");

    client.post("/v1/things", thing("lamp")).await.expect(201);

    assert_eq!(made(&pool).await, ["lamp"]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_key_is_needed_where_the_route_says_so_and_must_be_well_formed(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous();
    client.post("/v1/strict-things", thing("x")).await.problem(422, "idempotency/key-required");
    for key in ["", "two words", &"x".repeat(256)] {
        let answer = client.clone().key(key).post("/v1/things", thing("x")).await;
        answer.problem(422, "validation-error");
    }
    client.key(&"x".repeat(255)).post("/v1/strict-things", thing("x")).await.expect(201);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn while_the_first_is_running_and_the_database_will_not_wait_it_is_in_flight(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let first = stage.app.anonymous().key("k-7");
    // The first request stands between its claim and its commit.
    let mut standing = stage.app.db().begin().await.unwrap();
    sqlx::query("insert into chassis.idempotency values ('anybody', 'k-7', '', null, null, now())")
        .execute(standing.conn())
        .await
        .unwrap();
    sqlx::query("do $$ begin execute format('alter database %I set lock_timeout = ''100ms''', current_database()); end $$")
        .execute(&pool)
        .await
        .unwrap();
    let impatient = PgPool::connect_with((*pool.connect_options()).clone()).await.unwrap();
    let second = Stage::set(&impatient).await;

    second
        .app
        .anonymous()
        .key("k-7")
        .post("/v1/things", thing("lamp"))
        .await
        .problem(409, "idempotency/in-flight");

    drop(standing);
    first.post("/v1/things", thing("lamp")).await.expect(201);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn answers_are_forgotten_after_two_days(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous().key("k-8");
    client.post("/v1/things", thing("lamp")).await.expect(201);

    stage.app.clock.advance(SignedDuration::from_hours(47));
    assert_eq!(janitor::sweep(stage.app.db()).await.unwrap().idempotency, 0);
    stage.app.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(janitor::sweep(stage.app.db()).await.unwrap().idempotency, 1);

    client.post("/v1/things", thing("lamp")).await.expect(201);
    assert_eq!(made(&pool).await.len(), 2);
}

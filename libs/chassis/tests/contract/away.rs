//! Something the service needs is away: it says so, and goes on when it is back.

use std::sync::Arc;
use std::time::Duration;

use chassis::apply::ApplyError;
use chassis::kafka::Kafka;
use chassis::subscriptions::Kind;
use chassis::{Db, Problem, Service, dead_letters};
use kernel::{SystemClock, VendorId};
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::{Live, eventually, servers};
use tokio_util::sync::CancellationToken;

use crate::probe::{Config, Probe, tables};
use crate::stage::{Stage, carried, count, suspended};

/// A pool of a database that nobody runs.
fn nowhere() -> PgPool {
    let url = format!("postgres://mall:mall@127.0.0.1:{}/mall", servers::free_port());
    let pool = PgPoolOptions::new().acquire_timeout(Duration::from_millis(300));
    pool.connect_lazy(&url).unwrap()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn without_its_database_a_service_answers_503_and_when_to_come_back(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let app = Probe { db: Db::over(nowhere(), Arc::new(SystemClock)), ..stage.app.app.clone() };
    let (keyring, routes) = (app.keyring.clone(), Probe::router().with_state(app));
    let routes = chassis::layers::wrap(routes, "probe", &stage.app.common, keyring, None);
    for (method, path) in [("POST", "/v1/things"), ("GET", "/v1/rows")] {
        let request = axum::http::Request::builder().method(method).uri(path);
        let request = request.header("content-type", "application/json");
        let body = axum::body::Body::from(json!({"name": "a"}).to_string());
        let answer = tower::ServiceExt::oneshot(routes.clone(), request.body(body).unwrap());
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 503, "{path}");
        assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(problem["type"].as_str().unwrap().ends_with("/problems/unavailable"), "{problem}");
        assert_eq!(problem.get("detail"), None);
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_database_that_shuts_down_under_a_request_is_away_too(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let mut tx = stage.app.db().begin().await.unwrap();
    let pid: i32 =
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(tx.conn()).await.unwrap();
    sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&pool).await.unwrap();
    let ended = eventually("the session is gone", async || {
        let alive = "select count(*) from pg_stat_activity where pid = $1";
        let alive: i64 = sqlx::query_scalar(alive).bind(pid).fetch_one(&pool).await.unwrap();
        (alive == 0).then_some(())
    });
    ended.await;
    let error = sqlx::query("select 1").execute(tx.conn()).await.unwrap_err();
    assert_eq!(Problem::from(error).status, 503);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_batch_waits_for_the_database_and_is_not_put_aside(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let record = stage.app.record(&suspended(VendorId::new(), "a"));
    let mut consumer = stage.consumer(Kind::Effect);
    let here = std::mem::replace(&mut consumer.db, Db::over(nowhere(), Arc::new(SystemClock)));

    let error = consumer.apply(std::slice::from_ref(&record)).await.unwrap_err();
    assert!(matches!(error, ApplyError::Db(_)), "{error:?}");

    consumer.db = here;
    assert_eq!(consumer.apply(&[record]).await.unwrap().applied, 1);
    assert!(dead_letters::list(stage.app.db()).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn without_the_broker_a_service_goes_on_and_says_later_what_happened(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let mut config = stage.app.common.kafka();
    config.brokers = format!("127.0.0.1:{}", servers::free_port());
    let publisher = Kafka::new(&config).publisher("probe").unwrap();
    let relay = chassis::outbox::Relay::new(stage.app.db().clone(), publisher, "probe");
    let stop = CancellationToken::new();
    let running = tokio::spawn(relay.run(stop.clone()));
    let client = stage.app.anonymous();
    for n in 0..20 {
        client.post("/v1/things", json!({"name": n.to_string()})).await.expect(201);
    }
    assert_eq!(count(&pool, "select count(*) from chassis.outbox").await, 20);
    stop.cancel();
    running.await.unwrap();

    let bus = crate::stage::bus(1).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(stage.relay(&bus).run(stop.clone()));
    carried(&pool).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(bus.events::<contracts::vendor::VendorApproved>().len(), 20);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_service_that_starts_while_all_others_are_away_serves_its_own_reads(pool: PgPool) {
    tables(&pool).await;
    let bus = crate::stage::bus(1).await;
    let mut common = testkit::live::common(&bus, Some(&pool));
    common.kafka_brokers = format!("127.0.0.1:{}", servers::free_port());
    let alone = Live::begin::<Probe>(common, Config::default());

    let rows = format!("{}/v1/rows", alone.url);
    let answer = eventually("it serves", async || reqwest::get(&rows).await.ok()).await;
    assert_eq!(answer.status(), 200);
    let made = reqwest::Client::new().post(format!("{}/v1/things", alone.url));
    let made = made.header("content-type", "application/json").body("{\"name\":\"lamp\"}");
    assert_eq!(made.send().await.unwrap().status(), 201, "what it says waits in the outbox");
    let me = reqwest::get(format!("{}/v1/me", alone.url)).await.unwrap();
    assert_eq!(me.status(), 401);
    let ready = reqwest::get(format!("{}/readyz", alone.ops)).await.unwrap();
    assert_eq!(ready.status(), 503, "it does not know yet whom to believe");
    alone.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn before_it_knows_whom_to_believe_a_service_calls_nobody_a_stranger(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let (signer, _) = chassis::auth::Signer::generate().unwrap();
    let token = signer.sign(&stage.app.claims(kernel::UserId::new())).unwrap();
    let bus = crate::stage::bus(1).await;
    let mut common = testkit::live::common(&bus, Some(&pool));
    common.kafka_brokers = format!("127.0.0.1:{}", servers::free_port());
    let early = Live::begin::<Probe>(common, Config::default());

    let me = reqwest::Client::new().get(format!("{}/v1/me", early.url)).bearer_auth(token);
    let answer = eventually("it serves", async || me.try_clone()?.send().await.ok()).await;

    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert!(problem["type"].as_str().unwrap().ends_with("/problems/unavailable"), "{problem}");
    early.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_service_that_cannot_have_its_port_says_so_and_ends(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut common = stage.app.common.clone();
    common.ops_addr = taken.local_addr().unwrap();
    let stop = CancellationToken::new();
    let served = chassis::run::serve::<Probe>(common, Config::default(), stop).await;
    assert!(served.unwrap_err().to_string().contains("is taken"));
}

//! Redis is away for a while: nobody is told a lie, nothing is lost, and it goes on by itself.

use std::time::Duration;

use axum::http::Method;
use cart::{App, Config};
use contracts::order::OrderRejected;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Bus, Live, TestApp, eventually, live, sample, servers};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::scene::{Scene, config};

/// A wire to Redis that can be cut.
struct Wire {
    address: String,
    redis: String,
}

impl Wire {
    /// The wire, not yet laid, and the configuration of a cart at its end.
    async fn plan() -> (Self, Config) {
        let url = servers::redis_url();
        let rest = url.rsplit_once('@').map_or(url.as_str(), |(_, rest)| rest);
        let redis = rest.split('/').next().unwrap().to_owned();
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap().to_string();
        let config = Config { redis_url: url.replace(&redis, &address).into(), ..config() };
        (Self { address, redis }, config)
    }

    /// Lays it; what is returned cuts it when dropped.
    async fn lay(&self) -> JoinSet<()> {
        let door = TcpListener::bind(&self.address).await.unwrap();
        let (redis, mut laid) = (self.redis.clone(), JoinSet::new());
        laid.spawn(async move {
            let mut calls = JoinSet::new();
            while let Ok((mut call, _)) = door.accept().await {
                let mut there = TcpStream::connect(&redis).await.unwrap();
                calls.spawn(async move { copy_bidirectional(&mut call, &mut there).await });
            }
        });
        laid
    }
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn without_redis_every_route_answers_503_and_when_to_come_back(pool: PgPool) {
    let (_, config) = Wire::plan().await;
    let scene = Scene::over(TestApp::<App>::start(pool, config.clone()).await, config).await;
    let buyer = scene.buyer().key("k-1");
    let routes = [
        (Method::GET, "/v1/cart", None),
        (Method::DELETE, "/v1/cart", None),
        (Method::DELETE, "/v1/cart/lines/LAMP-BRASS-18", None),
        (Method::PUT, "/v1/cart/lines/LAMP-BRASS-18", Some(json!({ "quantity": 1 }))),
        (Method::POST, "/v1/cart/checkout", Some(scene.wish(1))),
    ];
    for (method, path, body) in routes {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        let asked = buyer.send(method.clone(), path, body);
        let answer = tokio::time::timeout(Duration::from_secs(10), asked).await;
        let answer = answer.unwrap_or_else(|_| panic!("{method} {path} hangs"));
        assert!(answer.header("retry-after").is_some(), "{method} {path}");
        let problem = answer.problem(503, "unavailable");
        assert!(problem.get("detail").is_none(), "{problem}");
    }
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn without_redis_it_is_not_ready_and_says_why(pool: PgPool) {
    let (wire, config) = Wire::plan().await;
    let bus = Bus::start(&servers::unique()).await;
    let running = Live::begin::<App>(live::common(&bus, Some(&pool)), config);
    let readyz = format!("{}/readyz", running.ops);
    eventually("it says what it misses", async || {
        let answer = reqwest::get(&readyz).await.ok()?.text().await.ok()?;
        (answer == "not ready: redis\n").then_some(())
    })
    .await;
    let _laid = wire.lay().await;
    running.ready().await;
    running.stop().await;
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn what_was_put_in_before_redis_went_away_is_there_when_it_is_back(pool: PgPool) {
    let (wire, config) = Wire::plan().await;
    let laid = wire.lay().await;
    let scene = Scene::over(TestApp::<App>::start(pool, config.clone()).await, config).await;
    scene.two_lamps().await;

    drop(laid);
    let away = scene.buyer().put("/v1/cart/lines/BOWL-1", json!({ "quantity": 1 })).await;
    away.problem(503, "unavailable");
    let mut rejected = OrderRejected { buyer: scene.buyer, ..sample() };
    rejected.lines[0].quantity = 3;
    scene.app.deliver(rejected).await;
    assert_eq!(scene.app.run_jobs().await, 1, "it fails, and is tried again");

    let _laid = wire.lay().await;
    eventually("the cart is back", async || {
        let answer = scene.buyer().get("/v1/cart").await;
        (answer.status == 200).then_some(())
    })
    .await;
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2);
    scene.app.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(scene.app.run_jobs().await, 1);
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 3, "it came back");
    scene.two_lamps().await;
    let buyer = scene.buyer().key("k-1");
    buyer.post("/v1/cart/checkout", scene.wish(259_800)).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_checkout_is_one_although_redis_went_away_before_the_cart_was_emptied(pool: PgPool) {
    let (wire, config) = Wire::plan().await;
    let laid = wire.lay().await;
    let app = TestApp::<App>::start(pool.clone(), config.clone()).await;
    let scene = Scene::over(app, config).await;
    scene.two_lamps().await;

    // The cart has been read when the request waits for its turn.
    let mut turn = scene.app.db().begin().await.unwrap();
    let lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
    let name = format!("checkout {}", scene.buyer);
    sqlx::query(lock).bind(name).execute(turn.conn()).await.unwrap();
    let (buyer, wish) = (scene.buyer().key("k-1"), scene.wish(259_800));
    let asked = tokio::spawn(async move { buyer.post("/v1/cart/checkout", wish).await });
    eventually("it waits", async || {
        let waiting = "select count(*) from pg_locks
                        where locktype = 'advisory' and not granted
                          and database = (select oid from pg_database where datname = current_database())";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&pool).await.unwrap();
        (waiting > 0).then_some(())
    })
    .await;
    drop(laid);
    turn.commit().await.unwrap();
    asked.await.unwrap().expect(202);

    let _laid = wire.lay().await;
    let cart = eventually("Redis is back", async || {
        let answer = scene.buyer().get("/v1/cart").await;
        (answer.status == 200).then(|| answer.value())
    })
    .await;
    assert_eq!(cart["sellers"][0]["lines"][0]["quantity"], 2, "nobody could empty it");
    scene.app.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(scene.app.run_jobs().await, 1);
    assert_eq!(scene.cart().await["sellers"], json!([]));
    assert_eq!(scene.checkouts().await.len(), 1);
}

//! How many codes can be asked for.

use contracts::user::SendOtp;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Answer, TestApp};
use user::App;

use crate::stage::{config, verify};

async fn ask_from(app: &TestApp<App>, address: &str, ip: &str) -> Answer {
    let client = app.anonymous().with("x-real-ip", ip);
    client.post("/v1/auth/otp", json!({ "address": address })).await
}

/// Asserts a refusal and returns after how many seconds to come back.
fn told_to_wait(answer: Answer) -> i64 {
    let wait = answer.header("retry-after").unwrap().parse().unwrap();
    answer.problem(429, "rate-limited");
    wait
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn one_address_gets_a_code_every_half_minute_three_in_fifteen_and_ten_a_day(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let ask = async || ask_from(&app, "victim@x.io", "203.0.113.1").await;
    let second = SignedDuration::from_secs(1);

    ask().await.expect(202);
    assert_eq!(told_to_wait(ask().await), 30);
    app.clock.advance(second * 29);
    assert_eq!(told_to_wait(ask().await), 1);
    app.clock.advance(second);
    ask().await.expect(202);
    app.clock.advance(second * 30);
    ask().await.expect(202);
    app.clock.advance(second * 30);
    assert_eq!(told_to_wait(ask().await), 15 * 60 - 90);

    for _ in 0..7 {
        app.clock.advance(second * 15 * 60);
        ask().await.expect(202);
    }
    app.clock.advance(second * 15 * 60);
    let wait = told_to_wait(ask().await);
    assert!(wait > 20 * 3600, "{wait}");
    app.clock.advance(second * i32::try_from(wait).unwrap());
    ask().await.expect(202);

    assert_eq!(app.emitted::<SendOtp>().await.len(), 11);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn who_tries_a_mall_out_may_sign_in_as_often_as_its_operator_says(pool: PgPool) {
    let mut config = config();
    config.codes_per_account = 9;
    let app = TestApp::<App>::start(pool, config).await;
    for _ in 0..3 {
        for _ in 0..3 {
            ask_from(&app, "staff@x.io", "203.0.113.1").await.expect(202);
        }
        let wait = told_to_wait(ask_from(&app, "staff@x.io", "203.0.113.1").await);
        app.clock.advance(SignedDuration::from_secs(wait));
    }
    ask_from(&app, "staff@x.io", "203.0.113.1").await.expect(202);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn one_network_asks_for_so_many_codes_whoever_they_are_for(pool: PgPool) {
    let mut config = config();
    config.codes_per_network = 4;
    let app = TestApp::<App>::start(pool, config).await;
    for n in 0..4 {
        ask_from(&app, &format!("v{n}@x.io"), &format!("203.0.113.{n}")).await.expect(202);
    }
    assert_eq!(told_to_wait(ask_from(&app, "v5@x.io", "203.0.113.99").await), 15 * 60);
    ask_from(&app, "v5@x.io", "203.0.114.1").await.expect(202);

    let six = |host: u32| format!("2001:db8:0:1::{host}");
    for n in 0..4 {
        ask_from(&app, &format!("w{n}@x.io"), &six(n)).await.expect(202);
    }
    told_to_wait(ask_from(&app, "w5@x.io", &six(77)).await);
    app.clock.advance(SignedDuration::from_mins(15));
    ask_from(&app, "w5@x.io", &six(77)).await.expect(202);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn everybody_together_asks_for_so_many_codes_a_minute(pool: PgPool) {
    let mut config = config();
    config.codes_per_minute = 5;
    let app = TestApp::<App>::start(pool, config).await;
    for n in 0..5 {
        ask_from(&app, &format!("v{n}@x.io"), &format!("203.0.{n}.1")).await.expect(202);
    }
    assert_eq!(told_to_wait(ask_from(&app, "v6@x.io", "198.51.100.1").await), 60);
    app.clock.advance(SignedDuration::from_mins(1));
    ask_from(&app, "v6@x.io", "198.51.100.1").await.expect(202);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn twenty_requests_at_once_are_one_mail(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let ips: Vec<String> = (0..20).map(|n| format!("203.0.{n}.1")).collect();
    let answers = join_all(ips.iter().map(|ip| ask_from(&app, "victim@x.io", ip))).await;
    let count = |status: u16| answers.iter().filter(|a| a.status.as_u16() == status).count();
    assert_eq!((count(202), count(429)), (1, 19));
    assert_eq!(app.emitted::<SendOtp>().await.len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn without_redis_nobody_gets_a_code_and_the_rest_goes_on(pool: PgPool) {
    let mut config = config();
    config.redis_url = "redis://127.0.0.1:1/".to_owned().into();
    let app = TestApp::<App>::start(pool, config).await;
    let answer = ask_from(&app, "a@x.io", "203.0.113.1").await;
    assert!(answer.header("retry-after").is_some());
    answer.problem(503, "unavailable");
    let challenge = contracts::user::ChallengeId::new().to_string();
    let answer = verify(&app, &challenge, "123456").await;
    assert!(answer.header("retry-after").is_some());
    answer.problem(503, "unavailable");
    app.anonymous().get("/.well-known/jwks.json").await.expect(200);
}

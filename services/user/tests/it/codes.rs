//! Attacks on codes.

use std::fmt::Write as _;

use contracts::user::{OtpLetter, SendOtp};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, TestApp, servers};
use tracing::instrument::WithSubscriber;
use user::App;

use crate::stage::{Log, Mailed, ask, config, open, verify, wrong};

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_sixth_code_is_locked_out_even_if_it_is_right(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    for _ in 0..5 {
        verify(&app, &challenge, &wrong(&letter.code)).await.problem(401, "user/otp-invalid");
    }
    for code in [&wrong(&letter.code), &letter.code] {
        let answer = verify(&app, &challenge, code).await;
        assert_eq!(answer.header("retry-after"), Some("30"));
        answer.problem(429, "user/otp-locked");
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn of_a_hundred_guesses_at_once_five_are_evaluated(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    let guesses = (0..101).map(|n| format!("{n:06}")).filter(|code| *code != letter.code).take(100);
    let guesses: Vec<_> = guesses.collect();
    let answers = join_all(guesses.iter().map(|code| verify(&app, &challenge, code))).await;

    let count = |status: u16| answers.iter().filter(|a| a.status.as_u16() == status).count();
    assert_eq!((count(401), count(429)), (5, 95));
    verify(&app, &challenge, &letter.code).await.problem(429, "user/otp-locked");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn what_is_not_six_ascii_digits_is_no_code(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    let codes = [
        json!(""),
        Value::Null,
        json!(0),
        json!(letter.code.parse::<u32>().unwrap()),
        json!([]),
        json!(true),
        json!({}),
        json!("١٢٣٤٥٦"),
        json!(format!("{} ", letter.code)),
        json!(format!("{}0", letter.code)),
        json!("12345"),
    ];
    for code in codes {
        let body = json!({ "challenge_id": challenge, "code": code });
        app.anonymous().post("/v1/auth/otp/verify", body).await.problem(422, "validation-error");
    }
    let body = json!({ "challenge_id": challenge });
    app.anonymous().post("/v1/auth/otp/verify", body).await.problem(422, "validation-error");
    let body = json!({ "challenge_id": challenge, "code": letter.code, "admin": true });
    app.anonymous().post("/v1/auth/otp/verify", body).await.problem(400, "unknown-field");
    verify(&app, "not-an-id", &letter.code).await.problem(422, "validation-error");

    verify(&app, &challenge, &letter.code).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_code_works_once(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    let (one, two) = futures::join!(
        verify(&app, &challenge, &letter.code),
        verify(&app, &challenge, &letter.code),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    verify(&app, &challenge, &letter.code).await.problem(401, "user/otp-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_code_opens_its_own_challenge_only(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let one = ask(&app, "a@x.io").await;
    let other = ask(&app, "b@x.io").await;
    app.clock.advance(SignedDuration::from_secs(30));
    let again = ask(&app, "a@x.io").await;

    for (challenge, letter) in [(&other, &one), (&again, &one), (&one, &other)] {
        // One in a million mints the same code twice.
        if challenge.letter.code == letter.letter.code {
            continue;
        }
        let answer = verify(&app, &challenge.challenge, &letter.letter.code).await;
        answer.problem(401, "user/otp-invalid");
    }
    let nowhere = contracts::user::ChallengeId::new().to_string();
    verify(&app, &nowhere, &one.letter.code).await.problem(401, "user/otp-invalid");
    verify(&app, &one.challenge, &one.letter.code).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_code_is_over_after_five_minutes(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let early = ask(&app, "a@x.io").await;
    let late = ask(&app, "b@x.io").await;
    app.clock.advance(SignedDuration::from_secs(299));
    verify(&app, &early.challenge, &early.letter.code).await.expect(200);
    app.clock.advance(SignedDuration::from_secs(1));
    verify(&app, &late.challenge, &late.letter.code).await.problem(401, "user/otp-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn ten_failures_in_a_row_lock_the_account_for_longer_and_longer(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let step = SignedDuration::from_secs(30);
    for _ in 0..2 {
        let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
        for _ in 0..5 {
            verify(&app, &challenge, &wrong(&letter.code)).await.problem(401, "user/otp-invalid");
        }
        app.clock.advance(step);
    }
    // 30 s have passed since the tenth failure; the eleventh locks for a minute, whatever code comes.
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    verify(&app, &challenge, &wrong(&letter.code)).await.problem(401, "user/otp-invalid");
    let locked = verify(&app, &challenge, &letter.code).await;
    assert_eq!(locked.header("retry-after"), Some("60"));
    locked.problem(429, "user/otp-locked");

    app.clock.advance(step * 2);
    verify(&app, &challenge, &letter.code).await.expect(200);

    // Who signs in begins a new count.
    app.clock.advance(SignedDuration::from_mins(15));
    let Mailed { challenge, letter } = ask(&app, "a@x.io").await;
    verify(&app, &challenge, &wrong(&letter.code)).await.problem(401, "user/otp-invalid");
    verify(&app, &challenge, &letter.code).await.expect(200);
}

/// A code for each of these people, as their mailboxes got it.
async fn ask_all(app: &TestApp<App>, people: usize) -> Vec<Mailed> {
    let mut mailed = Vec::new();
    for n in 0..people {
        mailed.push(ask(app, &format!("victim{n}@x.io")).await);
    }
    mailed
}

async fn verify_from(
    app: &TestApp<App>,
    ip: &str,
    Mailed { challenge, .. }: &Mailed,
    code: &str,
) -> Answer {
    let body = json!({ "challenge_id": challenge, "code": code });
    app.anonymous().with("x-real-ip", ip).post("/v1/auth/otp/verify", body).await
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn one_guess_at_each_of_many_accounts_from_one_network_ends_soon(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let victims = ask_all(&app, 32).await;
    let log = Log::default();
    async {
        for (n, victim) in victims.iter().take(30).enumerate() {
            let ip = format!("203.0.113.{n}");
            let answer = verify_from(&app, &ip, victim, &wrong(&victim.letter.code)).await;
            answer.problem(401, "user/otp-invalid");
        }
        // Not even the right code is looked at.
        for victim in &victims[30..] {
            let answer = verify_from(&app, "203.0.113.99", victim, &victim.letter.code).await;
            assert_eq!(answer.header("retry-after"), Some("900"));
            answer.problem(429, "rate-limited");
        }
    }
    .with_subscriber(log.subscriber())
    .await;
    assert!(log.text().contains("guess codes of many accounts"), "the operator is told");

    verify_from(&app, "198.51.100.1", &victims[30], &victims[30].letter.code).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn one_guess_at_each_of_many_accounts_from_everywhere_ends_soon(pool: PgPool) {
    let mut config = config();
    config.wrong_codes_per_minute = 8;
    let app = TestApp::<App>::start(pool, config).await;
    let victims = ask_all(&app, 9).await;
    for (n, victim) in victims.iter().take(8).enumerate() {
        let ip = format!("203.0.{n}.1");
        let answer = verify_from(&app, &ip, victim, &wrong(&victim.letter.code)).await;
        answer.problem(401, "user/otp-invalid");
    }
    let last = &victims[8];
    let answer = verify_from(&app, "198.51.100.1", last, &last.letter.code).await;
    assert_eq!(answer.header("retry-after"), Some("60"));
    answer.problem(429, "rate-limited");

    app.clock.advance(SignedDuration::from_mins(1));
    verify_from(&app, "198.51.100.1", last, &last.letter.code).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn neither_code_nor_address_lies_open_anywhere(pool: PgPool) {
    let config = config();
    let app = TestApp::<App>::start(pool.clone(), config.clone()).await;
    let log = Log::default();
    let (asked, sent, refused, kept) = async {
        let body = json!({ "address": "canary@x.io" });
        let asked = app.anonymous().post("/v1/auth/otp", body).await;
        let challenge = asked.value()["challenge_id"].as_str().unwrap().to_owned();
        let mut outbox: Vec<String> = sqlx::query_scalar("select o::text from chassis.outbox o")
            .fetch_all(&pool)
            .await
            .unwrap();
        outbox.push(kept_in_redis(&config.redis_prefix).await);
        let sent = app.emitted::<SendOtp>().await.remove(0);
        let code = open(&sent).code;
        let refused = verify(&app, &challenge, &wrong(&code)).await;
        verify(&app, &challenge, &code).await.expect(200);
        (asked, sent, refused, outbox.concat())
    }
    .with_subscriber(log.subscriber())
    .await;

    let OtpLetter { code, .. } = open(&sent);
    let event = serde_json::to_string(&sent).unwrap();
    assert!(kept.contains("otp:challenge:"), "{kept}");
    assert!(log.text().contains("a sign-in code was asked for"), "the log was caught");
    let headers = |answer: &Answer| format!("{:?}", answer.headers);
    let answers = [asked.text(), headers(&asked), refused.text(), headers(&refused)];
    for open in answers.into_iter().chain([event, kept, log.text()]) {
        assert!(!open.contains("canary"), "{open}");
        assert!(!mentions(&open, &code), "{open}");
    }
}

/// Whether the code stands in `text` as a word, not as a part of a longer number or hash.
fn mentions(text: &str, code: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == code)
}

async fn kept_in_redis(prefix: &str) -> String {
    let client = redis::Client::open(servers::redis_url()).unwrap();
    let mut redis = client.get_connection_manager().await.unwrap();
    let pattern = format!("{prefix}*");
    let keys: Vec<String> = redis::cmd("KEYS").arg(pattern).query_async(&mut redis).await.unwrap();
    let mut all = String::new();
    for key in keys {
        let kind: String = redis::cmd("TYPE").arg(&key).query_async(&mut redis).await.unwrap();
        let read = if kind == "hash" {
            redis::cmd("HGETALL").arg(&key).query_async(&mut redis).await
        } else {
            redis::cmd("ZRANGE").arg(&key).arg(0).arg(-1).query_async(&mut redis).await
        };
        let values: Vec<String> = read.unwrap();
        writeln!(all, "{key} {values:?}").unwrap();
    }
    all
}

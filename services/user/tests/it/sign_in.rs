//! Signing in by a mailed code, and being registered by it.

use std::time::{Duration, Instant};

use chassis::auth::callers::may;
use contracts::user::{AccountChange, AccountStatus, AccountUpdated, ContactUpdated, SendOtp};
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Answer, TestApp};
use user::App;

use crate::stage::{ask, config, kept, sign_in, verify, warm, wrong};

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_first_sign_in_registers_and_tells_the_others(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mailed = ask(&app, "Asha@Example.in").await;
    assert_eq!(mailed.letter.to.as_str(), "asha@example.in");
    assert_eq!(mailed.letter.minutes, 5);

    let body = verify(&app, &mailed.challenge, &mailed.letter.code).await.expect(200);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 600);
    assert_eq!(body["mfa_required"], false);
    assert_eq!(body["user"]["email"], "asha@example.in");
    assert_eq!(body["user"]["roles"], json!(["buyer"]));
    assert_eq!(body["user"]["vendors"], json!([]));

    let emitted = app.emitted::<AccountUpdated>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].user_id.to_string(), body["user"]["user_id"]);
    assert_eq!(
        (emitted[0].change, emitted[0].status),
        (AccountChange::Registered, AccountStatus::Active)
    );
    let contact = app.emitted::<ContactUpdated>().await;
    assert_eq!(contact.len(), 1);
    assert_eq!(contact[0].email.as_str(), "asha@example.in");
    assert_eq!(contact[0].locale, "en-IN");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_second_sign_in_finds_the_same_account_and_says_nothing(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let first = sign_in(&app, "asha@example.in").await;
    app.emitted::<AccountUpdated>().await;
    app.clock.advance(SignedDuration::from_mins(1));

    let second = sign_in(&app, "asha@example.in").await;

    assert_eq!(first.user_id, second.user_id);
    assert_eq!(app.emitted::<AccountUpdated>().await.len(), 0);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn all_spellings_of_an_address_are_one_account_and_one_limit(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let first = sign_in(&app, "a@x.io").await;
    let ask_as = async |address: &str| {
        app.anonymous().post("/v1/auth/otp", json!({ "address": address })).await
    };
    for spelling in ["A@X.IO", "a+1@x.io", " a@x.io "] {
        ask_as(spelling).await.problem(429, "rate-limited");
    }
    app.clock.advance(SignedDuration::from_mins(1));

    let mailed = ask(&app, "a+1@x.io").await;
    assert_eq!(
        mailed.letter.to.as_str(),
        "a@x.io",
        "codes go to the address that opened the account"
    );
    let second = verify(&app, &mailed.challenge, &mailed.letter.code).await.expect(200);

    assert_eq!(second["user"]["user_id"], first.user_id.as_str());
    // A Cyrillic а is another letter, not another account.
    ask_as("\u{430}@x.io").await.problem(422, "validation-error");
    ask_as("a@x.io\r\nBcc: b@x.io").await.problem(422, "validation-error");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn two_first_sign_ins_at_once_make_one_account(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    let one = ask(&app, "asha@example.in").await;
    app.clock.advance(SignedDuration::from_secs(30));
    let two = ask(&app, "asha+two@example.in").await;

    warm(&pool).await;
    let (one, two) = futures::join!(
        verify(&app, &one.challenge, &one.letter.code),
        verify(&app, &two.challenge, &two.letter.code),
    );

    assert_eq!(one.expect(200)["user"]["user_id"], two.expect(200)["user"]["user_id"]);
    assert_eq!(app.emitted::<AccountUpdated>().await.len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_known_and_an_unknown_address_get_the_same_answer_in_the_same_time(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    sign_in(&app, "known@example.in").await;
    let shape = |answer: Answer| {
        assert_eq!(answer.status.as_u16(), 202);
        let mut body = answer.value();
        assert_eq!(body["resend_after_s"], 30);
        assert!(body["challenge_id"].as_str().unwrap().len() == 36);
        body["challenge_id"] = json!("");
        body
    };
    let ask_as = async |address: &str| {
        let began = Instant::now();
        let answer = app.anonymous().post("/v1/auth/otp", json!({ "address": address })).await;
        (began.elapsed(), shape(answer))
    };

    // One of each in turn, so that a busy machine is as busy for both; what really differs does so in every round.
    let mut apart = Vec::new();
    while apart.len() < 5 && apart.last().is_none_or(|apart| *apart >= Duration::from_millis(2)) {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for n in 0..200 {
            app.clock.advance(SignedDuration::from_hours(3));
            let (took, one) = ask_as("known@example.in").await;
            known.push(took);
            let (took, other) = ask_as(&format!("unknown{n}@example.in")).await;
            unknown.push(took);
            assert_eq!(one, other);
        }
        assert_eq!(app.emitted::<SendOtp>().await.len(), 400);
        apart.push(median(known).abs_diff(median(unknown)));
    }
    assert!(apart.iter().any(|apart| *apart < Duration::from_millis(2)), "{apart:?} apart");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn who_only_asks_for_a_code_is_not_registered_and_leaves_nothing(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let before = kept(app.db().pool()).await;
    let squatter = ask(&app, "victim@x.io").await;
    let answer = verify(&app, &squatter.challenge, &wrong(&squatter.letter.code)).await;
    answer.problem(401, "user/otp-invalid");
    let versions = |kept: &[String]| -> Vec<String> {
        kept.iter().filter(|table| !table.starts_with("chassis.")).cloned().collect()
    };
    assert_eq!(versions(&kept(app.db().pool()).await), versions(&before));
    assert_eq!(app.emitted_names().await, [""; 0]);

    app.clock.advance(SignedDuration::from_mins(6));
    let victim = sign_in(&app, "victim@x.io").await;
    let me = victim.client.get("/v1/me").await.expect(200);
    assert_eq!((&me["name"], &me["phone"]), (&json!(null), &json!(null)));
    let sessions = victim.client.get("/v1/me/sessions").await.expect(200);
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
    verify(&app, &squatter.challenge, &squatter.letter.code).await.problem(401, "user/otp-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn staff_that_the_operator_named_holds_every_permission(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    assert_eq!(boss.user["roles"], json!(["admin", "buyer"]));
    let mut all: Vec<_> = may::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(boss.user["permissions"], json!(all));
    boss.client.get("/v1/admin/users").await.expect(200);

    // Another spelling may be another mailbox.
    let other = sign_in(&app, "second+me@mall.test").await;
    assert_eq!(other.user["roles"], json!(["buyer"]));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn somebody_who_becomes_staff_is_staff_from_the_next_sign_in(pool: PgPool) {
    let mut before = config();
    before.staff_emails = String::new();
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), before.clone()).await;
    let buyer = sign_in(&app, "boss@mall.test").await;
    assert_eq!(buyer.user["roles"], json!(["buyer"]));
    app.emitted::<AccountUpdated>().await;

    before.staff_emails = "boss@mall.test".into();
    let app = TestApp::<App>::start_without_second_factor(pool, before).await;
    app.clock.advance(SignedDuration::from_mins(1));
    let boss = sign_in(&app, "boss@mall.test").await;

    assert_eq!(boss.user_id, buyer.user_id);
    assert_eq!(boss.user["roles"], json!(["admin", "buyer"]));
    let emitted = app.emitted::<AccountUpdated>().await;
    assert_eq!((emitted.len(), emitted[0].change), (1, AccountChange::RoleChanged));
}

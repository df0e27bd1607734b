//! Going on with a refresh token.

use contracts::user::{SessionEnd, SessionRevoked};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{Guest, bearer, config, refresh, sign_in, warm};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_refresh_token_gives_the_next_pair(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    app.clock.advance(SignedDuration::from_mins(12));
    guest.client.get("/v1/me").await.problem(401, "unauthenticated");

    let next = Guest::of(&app, refresh(&app, &guest.refresh_token).await);

    assert_ne!(next.refresh_token, guest.refresh_token);
    assert_eq!(next.user_id, guest.user_id);
    let me = next.client.get("/v1/me").await.expect(200);
    assert_eq!(me["email"], "a@x.io");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_token_that_comes_twice_ends_its_session(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let bystander = sign_in(&app, "b@x.io").await;
    let next = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    app.clock.advance(SignedDuration::from_secs(20));

    refresh(&app, &guest.refresh_token).await.problem(401, "user/token-reused");

    refresh(&app, &next.refresh_token).await.problem(401, "user/token-invalid");
    refresh(&app, &guest.refresh_token).await.problem(401, "user/token-invalid");
    next.client.get("/v1/me").await.problem(401, "unauthenticated");
    let revoked = app.emitted::<SessionRevoked>().await;
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].user_id.to_string(), guest.user_id);
    // email-service tells the owner.
    assert_eq!(revoked[0].why, Some(SessionEnd::TokenReused));
    refresh(&app, &bystander.refresh_token).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn twenty_refreshes_at_once_have_one_successor(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    warm(&pool).await;
    let nobody = app.anonymous();
    let body = json!({ "refresh_token": guest.refresh_token });
    let answers = join_all((0..20).map(|_| nobody.post("/v1/auth/refresh", &body))).await;

    let mut successors: Vec<_> =
        answers.into_iter().map(|answer| Guest::of(&app, answer).refresh_token).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    let kept: i64 =
        sqlx::query_scalar("select count(*) from refresh_tokens").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 2);
    refresh(&app, &successors[0]).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn an_answer_that_got_lost_is_given_again(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let lost = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    app.clock.advance(SignedDuration::from_secs(19));
    let again = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    assert_eq!(lost.refresh_token, again.refresh_token);
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 0);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_session_that_is_not_used_for_thirty_days_is_over(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    app.clock.advance(DAY * 29);
    let next = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    app.clock.advance(DAY * 30);
    refresh(&app, &next.refresh_token).await.problem(401, "user/token-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_session_is_over_after_ninety_days_however_it_is_used(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut token = sign_in(&app, "a@x.io").await.refresh_token;
    for _ in 0..3 {
        app.clock.advance(DAY * 29);
        token = Guest::of(&app, refresh(&app, &token).await).refresh_token;
    }
    app.clock.advance(DAY * 3);
    refresh(&app, &token).await.problem(401, "user/token-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_session_of_staff_is_over_after_eight_hours(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let boss = sign_in(&app, "boss@mall.test").await;
    app.clock.advance(SignedDuration::from_hours(7));
    let next = Guest::of(&app, refresh(&app, &boss.refresh_token).await);
    app.clock.advance(SignedDuration::from_hours(1));
    refresh(&app, &next.refresh_token).await.problem(401, "user/token-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn neither_kind_of_token_passes_for_the_other(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    bearer(&app, &guest.refresh_token).get("/v1/me").await.problem(401, "unauthenticated");
    let cut = &guest.refresh_token[1..];
    for not_a_token in ["", "x", cut, &format!("{} ", guest.refresh_token), &guest.access_token] {
        refresh(&app, not_a_token).await.problem(401, "user/token-invalid");
    }
    refresh(&app, &guest.refresh_token).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_database_keeps_hashes_and_seals_only(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let next = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    let kept: Vec<String> =
        sqlx::query_scalar("select t::text from refresh_tokens t").fetch_all(&pool).await.unwrap();
    assert_eq!(kept.len(), 2);
    for token in [&guest.refresh_token, &next.refresh_token] {
        assert!(!kept.concat().contains(token.as_str()));
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn sessions_that_are_long_over_are_forgotten(pool: PgPool) {
    let app = TestApp::<App>::start(pool.clone(), config()).await;
    sign_in(&app, "a@x.io").await;
    app.clock.advance(DAY * 59);
    let fresh = sign_in(&app, "b@x.io").await;
    app.run_timers().await;
    let count = async || -> i64 {
        sqlx::query_scalar("select count(*) from sessions").fetch_one(&pool).await.unwrap()
    };
    assert_eq!(count().await, 2);
    app.clock.advance(DAY * 2);
    app.run_timers().await;
    assert_eq!(count().await, 1);
    refresh(&app, &fresh.refresh_token).await.expect(200);
}

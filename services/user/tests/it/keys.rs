//! The keys that sign access tokens.

use contracts::user::KeyPublished;
use jiff::SignedDuration;
use kernel::Clock;
use serde_json::Value;
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{Guest, bearer, config, refresh, sign_in, warm};

async fn kids(app: &TestApp<App>) -> Vec<String> {
    let answer = app.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let keys = answer.expect(200)["keys"].as_array().unwrap().clone();
    for key in &keys {
        assert_eq!((&key["kty"], &key["crv"]), (&Value::from("OKP"), &Value::from("Ed25519")));
        assert!(key.get("d").is_none());
    }
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn replicas_that_start_at_once_make_one_key(pool: PgPool) {
    let config = config();
    let app = TestApp::<App>::start(pool.clone(), config.clone()).await;
    let twin = TestApp::<App>::start(pool.clone(), config).await;
    warm(&pool).await;
    let (one, two) = futures::join!(kids(&app), kids(&twin));
    assert_eq!(one, two);
    assert_eq!(one.len(), 1);
    let emitted = app.emitted::<KeyPublished>().await;
    assert_eq!((emitted.len(), &emitted[0].kid), (1, &one[0]));
    assert!(emitted[0].not_before <= app.clock.now());

    let kept: String =
        sqlx::query_scalar("select k::text from signing_keys k").fetch_one(&pool).await.unwrap();
    assert!(!kept.contains("302e0201"), "the private half is sealed");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_token_of_one_replica_is_believed_by_the_other(pool: PgPool) {
    let config = config();
    let app = TestApp::<App>::start(pool.clone(), config.clone()).await;
    let twin = TestApp::<App>::start(pool, config).await;
    let guest = sign_in(&app, "a@x.io").await;
    let token = refresh(&twin, &guest.refresh_token).await.expect(200);
    let token = token["access_token"].as_str().unwrap();
    for replica in [&app, &twin] {
        bearer(replica, token).get("/v1/me").await.expect(200);
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_next_key_is_published_before_it_signs_and_the_last_stays_until_nobody_needs_it(
    pool: PgPool,
) {
    let app = TestApp::<App>::start(pool, config()).await;
    sign_in(&app, "a@x.io").await;
    let first = kids(&app).await;
    assert_eq!(app.run_timers().await, 0);
    app.emitted::<KeyPublished>().await;

    app.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(app.run_timers().await, 1);
    let both = kids(&app).await;
    assert_eq!((both.len(), &both[1]), (2, &first[0]));
    let now = app.clock.now();
    let next = the_one_said(&app, &both[0]).await;
    assert_eq!(app.run_timers().await, 0, "nobody has heard of it yet");
    app.deliver(next.clone()).await;
    assert_eq!(app.run_timers().await, 1);
    let last = the_one_said(&app, &first[0]).await;
    assert!(next.not_before.duration_since(now) >= SignedDuration::from_mins(5));
    let overlap = last.retires_at.unwrap().duration_since(next.not_before);
    assert!(overlap >= SignedDuration::from_mins(11), "{overlap}");

    let guest = sign_in(&app, "a@x.io").await;
    assert_eq!(kid_of(&guest.access_token), first[0]);
    app.clock.set(next.not_before);
    let guest = Guest::of(&app, refresh(&app, &guest.refresh_token).await);
    assert_eq!(kid_of(&guest.access_token), both[0]);
    guest.client.get("/v1/me").await.expect(200);
    assert_eq!(kids(&app).await.len(), 2);

    app.clock.set(last.retires_at.unwrap());
    assert_eq!(kids(&app).await, [both[0].clone()]);
    assert_eq!(app.run_timers().await, 1);
    assert_eq!(
        app.emitted_names().await.iter().filter(|n| *n == "user.key_published.v1").count(),
        1
    );
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn ten_rotations_refuse_nobody(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    for _ in 0..10 {
        let guest = sign_in(&app, "a@x.io").await;
        app.run_timers().await;
        for _ in 0..3 {
            app.clock.advance(SignedDuration::from_mins(3));
            app.run_timers().await;
            guest.client.get("/v1/me").await.expect(200);
        }
        app.clock.advance(SignedDuration::from_hours(24 * 30));
    }
}

/// The `kid` in a token's header.
fn kid_of(token: &str) -> String {
    use base64::Engine;
    let header = token.split('.').next().unwrap();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["alg"], &header["typ"]), (&"EdDSA".into(), &"at+jwt".into()));
    header["kid"].as_str().unwrap().to_owned()
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_key_that_nobody_heard_of_does_not_sign_however_long_the_broker_is_away(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    sign_in(&app, "a@x.io").await;
    let [first] = &kids(&app).await[..] else { panic!("there is one key") };
    app.deliver(the_one_said(&app, first).await).await;
    app.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(app.run_timers().await, 1);
    let next = app.emitted::<KeyPublished>().await.remove(0);

    app.clock.set(next.not_before + SignedDuration::from_hours(5));
    assert_eq!(app.run_timers().await, 0);
    let guest = sign_in(&app, "a@x.io").await;
    assert_eq!(kid_of(&guest.access_token), *first);
    guest.client.get("/v1/me").await.expect(200);

    app.deliver(next.clone()).await;
    let guest = sign_in(&app, "b@x.io").await;
    assert_eq!(kid_of(&guest.access_token), next.kid);
    assert_eq!(app.run_timers().await, 1);
    let retires_at = the_one_said(&app, first).await.retires_at.unwrap();
    assert!(retires_at.duration_since(app.clock.now()) >= SignedDuration::from_mins(11));
}

/// The one key that was said and not looked at yet.
async fn the_one_said(app: &TestApp<App>, kid: &str) -> KeyPublished {
    let mut emitted = app.emitted::<KeyPublished>().await;
    assert_eq!((emitted.len(), &*emitted[0].kid), (1, kid));
    emitted.remove(0)
}

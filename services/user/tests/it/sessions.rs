//! Signing out and one's own devices.

use contracts::user::{SessionEnd, SessionRevoked};
use jiff::SignedDuration;
use kernel::SessionId;
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{Guest, ask, config, refresh, sign_in};

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn after_signing_out_neither_token_works(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    guest.client.post("/v1/auth/logout", ()).await.expect(204);

    guest.client.get("/v1/me").await.problem(401, "unauthenticated");
    guest.client.post("/v1/auth/logout", ()).await.problem(401, "unauthenticated");
    refresh(&app, &guest.refresh_token).await.problem(401, "user/token-invalid");
    let revoked = app.emitted::<SessionRevoked>().await;
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].user_id.to_string(), guest.user_id);
    assert_eq!(revoked[0].why, Some(SessionEnd::SignedOut));
    let lasts = revoked[0].forget_at.duration_since(revoked[0].revoked_at);
    assert!(lasts >= SignedDuration::from_mins(11), "{lasts}");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn one_sees_and_ends_ones_own_sessions(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mailed = ask(&app, "a@x.io").await;
    let body = serde_json::json!({ "challenge_id": mailed.challenge, "code": mailed.letter.code });
    let phone = app.anonymous().with("user-agent", "Phone/1.0");
    let phone = Guest::of(&app, phone.post("/v1/auth/otp/verify", body).await);
    app.clock.advance(SignedDuration::from_mins(1));
    let desk = sign_in(&app, "a@x.io").await;

    let list = desk.client.get("/v1/me/sessions").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!((&items[0]["current"], &items[1]["current"]), (&true.into(), &false.into()));
    assert_eq!(items[1]["device"], "Phone/1.0");

    let path = format!("/v1/me/sessions/{}", items[1]["session_id"].as_str().unwrap());
    desk.client.delete(&path).await.expect(204);
    desk.client.delete(&path).await.problem(404, "not-found");
    phone.client.get("/v1/me").await.problem(401, "unauthenticated");
    refresh(&app, &phone.refresh_token).await.problem(401, "user/token-invalid");
    let list = desk.client.get("/v1/me/sessions").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_strangers_session_and_none_at_all_answer_alike(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let other = sign_in(&app, "b@x.io").await;
    let list = other.client.get("/v1/me/sessions").await.expect(200);
    let theirs = list["items"][0]["session_id"].as_str().unwrap().to_owned();

    for id in [theirs, SessionId::new().to_string(), "none".into()] {
        guest.client.delete(&format!("/v1/me/sessions/{id}")).await.problem(404, "not-found");
    }
    other.client.get("/v1/me").await.expect(200);
    assert_eq!(app.emitted::<SessionRevoked>().await.len(), 0);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn sessions_come_in_pages(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mut guest = sign_in(&app, "a@x.io").await;
    for _ in 0..2 {
        app.clock.advance(SignedDuration::from_mins(15));
        guest = sign_in(&app, "a@x.io").await;
    }
    let first = guest.client.get("/v1/me/sessions?limit=2").await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let rest = guest.client.get(&format!("/v1/me/sessions?limit=2&after={next}")).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest["next"].is_null());
    guest.client.get("/v1/me/sessions?limit=0").await.problem(422, "validation-error");
    guest.client.get("/v1/me/sessions?page=2").await.problem(400, "unknown-field");
}

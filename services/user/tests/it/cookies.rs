//! A web page keeps its session in a cookie that no script can read.

use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, TestApp};
use user::App;

use crate::second_factor::Careful;
use crate::stage::{Guest, ask, bearer, config, refresh, sign_in};

/// What a page of ours sends with every request for a session, and a page of somebody else's cannot.
fn page(app: &TestApp<App>) -> Client {
    app.anonymous().with("x-session", "cookie").with("sec-fetch-site", "same-origin")
}

async fn sign_in_on(page: &Client, app: &TestApp<App>, address: &str) -> (String, Value) {
    let mailed = ask(app, address).await;
    let body = json!({ "challenge_id": mailed.challenge, "code": mailed.letter.code });
    let answer = page.post("/v1/auth/otp/verify", body).await;
    let cookie = set(&answer).unwrap();
    (held(&cookie), answer.expect(200))
}

/// The whole header that sets the cookie.
fn set(answer: &Answer) -> Option<String> {
    answer.headers.get("set-cookie").map(|value| value.to_str().unwrap().to_owned())
}

/// What the browser sends back of it.
fn held(cookie: &str) -> String {
    cookie.split(';').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_page_gets_its_refresh_token_as_a_cookie_alone(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mailed = ask(&app, "a@x.io").await;
    let body = json!({ "challenge_id": mailed.challenge, "code": mailed.letter.code });
    let answer = page(&app).post("/v1/auth/otp/verify", body).await;

    let cookie = set(&answer).unwrap();
    let (token, attributes) =
        cookie.strip_prefix("__Host-mall=").unwrap().split_once("; ").unwrap();
    assert_eq!(token.len(), 43);
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000");
    let body = answer.expect(200);
    assert_eq!(body["refresh_token"], "");
    assert!(!body.to_string().contains(token));
    bearer(&app, body["access_token"].as_str().unwrap()).get("/v1/me").await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_cookie_of_staff_lasts_a_working_day(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let mailed = ask(&app, "boss@mall.test").await;
    let body = json!({ "challenge_id": mailed.challenge, "code": mailed.letter.code });
    let answer = page(&app).post("/v1/auth/otp/verify", body).await;
    assert!(set(&answer).unwrap().ends_with("Max-Age=28800"));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_cookie_is_rotated_like_a_token_in_the_body(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let page = page(&app);
    let (first, _) = sign_in_on(&page, &app, "a@x.io").await;

    let first_page = page.clone().with("cookie", &format!("other=1; {first}"));
    let answer = first_page.post("/v1/auth/refresh", json!({})).await;
    let second = held(&set(&answer).unwrap());
    assert_ne!(second, first);
    assert_eq!(answer.expect(200)["refresh_token"], "");

    // Twice, and later than an answer may have been lost: a thief has it.
    app.clock.advance(jiff::SignedDuration::from_secs(21));
    let reused = page.clone().with("cookie", &first).post("/v1/auth/refresh", json!({})).await;
    assert_eq!(
        set(&reused).unwrap(),
        "__Host-mall=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
    );
    reused.problem(401, "user/token-reused");
    page.with("cookie", &second)
        .post("/v1/auth/refresh", json!({}))
        .await
        .problem(401, "user/token-invalid");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_page_with_a_second_factor_gets_its_cookie_at_the_end(pool: PgPool) {
    let asha = Careful::of(pool).await;
    let token = asha.begin().await;
    let body = json!({ "mfa_token": token, "code": asha.code() });
    let answer = page(&asha.app).post("/v1/auth/mfa", body).await;
    let cookie = held(&set(&answer).unwrap());
    assert_eq!(answer.expect(200)["refresh_token"], "");
    page(&asha.app).with("cookie", &cookie).post("/v1/auth/refresh", json!({})).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_foreign_page_cannot_use_the_cookie(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let (cookie, _) = sign_in_on(&page(&app), &app, "a@x.io").await;
    let browser = app.anonymous().with("cookie", &cookie);

    // Without the header, which no form and no script of another origin can send, the cookie is as good as none.
    browser.post("/v1/auth/refresh", json!({})).await.problem(401, "user/token-missing");
    browser
        .send(axum::http::Method::POST, "/v1/auth/logout", None)
        .await
        .problem(401, "unauthenticated");
    // And should one send it, the browser says where it comes from.
    for site in ["cross-site", "same-site", "none"] {
        let foreign = browser.clone().with("x-session", "cookie").with("sec-fetch-site", site);
        foreign.post("/v1/auth/refresh", json!({})).await.problem(403, "forbidden");
        foreign
            .send(axum::http::Method::POST, "/v1/auth/logout", None)
            .await
            .problem(403, "forbidden");
    }
    // Nothing of it touched the session.
    page(&app).with("cookie", &cookie).post("/v1/auth/refresh", json!({})).await.expect(200);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_page_signs_out_with_its_cookie_alone(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let page = page(&app);
    let (cookie, body) = sign_in_on(&page, &app, "a@x.io").await;
    let page = page.with("cookie", &cookie);

    for _ in 0..2 {
        let out = page.send(axum::http::Method::POST, "/v1/auth/logout", None).await;
        assert!(set(&out).unwrap().starts_with("__Host-mall=; "));
        out.expect(204);
    }

    page.post("/v1/auth/refresh", json!({})).await.problem(401, "user/token-invalid");
    let token = body["access_token"].as_str().unwrap();
    bearer(&app, token).get("/v1/me").await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_client_with_its_token_in_the_body_gets_no_cookie(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let answer = refresh(&app, &guest.refresh_token).await;
    assert_eq!(set(&answer), None);
    let next = Guest::of(&app, answer);
    assert_eq!(next.refresh_token.len(), 43);
    refresh(&app, "nonsense").await.problem(401, "user/token-invalid");
    app.anonymous().post("/v1/auth/refresh", json!({})).await.problem(401, "user/token-missing");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_session_is_kept_in_a_cookie_or_not(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let nobody = app.anonymous().with("x-session", "local-storage");
    let refused = nobody.post("/v1/auth/refresh", json!({})).await;
    assert_eq!(refused.problem(422, "validation-error")["detail"], "X-Session: cookie, or nothing");
}

//! Every door from outside: who is refused without a token, and that the documents list every route.

use axum::http::Method;
use chassis::Service;
use kernel::{AddressId, SessionId};
use serde_json::json;
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::config;

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn nobody_gets_in_without_a_token(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let (address, session) = (AddressId::new(), SessionId::new());
    for (method, path) in [
        (Method::POST, "/v1/auth/logout".to_owned()),
        (Method::GET, "/v1/me".into()),
        (Method::PATCH, "/v1/me".into()),
        (Method::DELETE, "/v1/me".into()),
        (Method::GET, "/v1/me/sessions".into()),
        (Method::DELETE, format!("/v1/me/sessions/{session}")),
        (Method::GET, "/v1/me/addresses".into()),
        (Method::POST, "/v1/me/addresses".into()),
        (Method::PUT, format!("/v1/me/addresses/{address}")),
        (Method::DELETE, format!("/v1/me/addresses/{address}")),
    ] {
        let body = Some(("application/json", b"{}".to_vec()));
        let answer = app.anonymous().send(method, &path, body).await;
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
        let _ = answer.problem(401, "unauthenticated");
    }
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_good_token_without_an_account_is_nobody(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let ghost = app.as_buyer();
    let _ = ghost.get("/v1/me").await.problem(401, "unauthenticated");
    let _ = ghost.patch("/v1/me", json!({ "name": "x" })).await.problem(401, "unauthenticated");
    let _ = ghost.delete("/v1/me").await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn bodies_that_are_not_what_they_should_be_are_refused(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let nobody = app.anonymous();
    let send = async |media: &str, body: &str| {
        let body = Some((media, body.as_bytes().to_vec()));
        nobody.send(Method::POST, "/v1/auth/otp", body).await
    };
    let json = "application/json";
    let _ = send(json, "{").await.problem(400, "malformed-body");
    let _ = send(json, "[]").await.problem(422, "validation-error");
    let _ = send(json, r#"{"address":"a@x.io","x":1}"#).await.problem(400, "unknown-field");
    let form = "application/x-www-form-urlencoded";
    let _ = send(form, "address=a@x.io").await.problem(415, "unsupported-media-type");
    for address in ["", "a", "a@", "@x.io", "a@x", "a b@x.io", "a@x.io, b@x.io"] {
        let answer = nobody.post("/v1/auth/otp", json!({ "address": address })).await;
        let problem = answer.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], "/address");
    }
    let _ = nobody.get("/v1/auth/otp").await.problem(405, "method-not-allowed");
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn the_document_names_every_route_and_who_may_call_it(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let (_, document) = app.app.routes().split_for_parts();
    let document = serde_json::to_value(document).unwrap();
    assert_eq!(document["info"]["title"], "user-service");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let public = operation.get("security").is_none();
            routes.push(format!("{} {method} {path}", if public { "P" } else { "B" }));
        }
    }
    routes.sort();
    assert_eq!(
        routes,
        [
            "B delete /v1/me",
            "B delete /v1/me/addresses/{id}",
            "B delete /v1/me/sessions/{id}",
            "B get /v1/admin/users",
            "B get /v1/admin/users/{id}",
            "B get /v1/me",
            "B get /v1/me/addresses",
            "B get /v1/me/sessions",
            "B patch /v1/me",
            "B post /v1/admin/users/{id}/roles",
            "B post /v1/admin/users/{id}/suspend",
            "B post /v1/auth/logout",
            "B post /v1/me/addresses",
            "B put /v1/me/addresses/{id}",
            "P get /.well-known/jwks.json",
            "P post /v1/auth/otp",
            "P post /v1/auth/otp/verify",
            "P post /v1/auth/refresh",
        ]
    );
}

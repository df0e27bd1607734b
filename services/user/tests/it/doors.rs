//! Every door from outside: who is refused without a token, and that the documents list every route.

use axum::http::Method;
use chassis::Service;
use jiff::SignedDuration;
use kernel::SessionId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::TestApp;
use user::App;

use crate::stage::{bearer, config, kept, sign_in};

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn nobody_gets_in_without_a_session(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let guest = sign_in(&app, "a@x.io").await;
    let place = json!({
        "recipient": "Asha Rao", "phone": "9876543210", "line1": "12 MG Road", "city": "Bengaluru", "state": "29",
        "pincode": "560001"
    });
    let added = guest.client.post("/v1/me/addresses", place).await.expect(201);
    let (address, session) = (added["address_id"].as_str().unwrap(), SessionId::new());
    app.clock.advance(SignedDuration::from_mins(12));
    let before = kept(app.db().pool()).await;
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
        for caller in [&app.anonymous(), &bearer(&app, "x"), &guest.client] {
            let body = Some(("application/json", b"{}".to_vec()));
            let answer = caller.send(method.clone(), &path, body).await;
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
            answer.problem(401, "unauthenticated");
        }
    }
    assert_eq!(kept(app.db().pool()).await, before);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn a_good_token_without_an_account_is_nobody(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let ghost = app.as_buyer();
    ghost.get("/v1/me").await.problem(401, "unauthenticated");
    ghost.patch("/v1/me", json!({ "name": "x" })).await.problem(401, "unauthenticated");
    ghost.delete("/v1/me").await.problem(401, "unauthenticated");
}

/// The text schemas inside `schema` that say nothing about which texts are taken.
fn limitless(schema: &Value, components: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return limitless(&components[name.rsplit('/').next().unwrap()], components);
    }
    let members = schema["properties"].as_object().into_iter().flat_map(|all| all.values());
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    let inside = members.chain(choices).chain(schema.get("items"));
    let mut found: Vec<String> = inside.flat_map(|part| limitless(part, components)).collect();
    let says = ["pattern", "format", "enum"].iter().any(|limit| schema.get(limit).is_some());
    if schema["type"].to_string().contains("string") && !says {
        found.push(schema.to_string());
    }
    found
}

#[test]
fn the_document_says_which_texts_a_request_may_hold() {
    let document = serde_json::to_value(App::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    let requests =
        schemas.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("Request"));
    for (name, schema) in requests {
        assert_eq!(limitless(schema, schemas), [""; 0], "{name}");
    }
    assert_eq!(schemas["Line100"]["maxLength"], 100);
    assert_eq!(
        schemas["EditMeRequest"]["properties"]["locale"]["$ref"],
        "#/components/schemas/Locale"
    );
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn what_is_no_mail_address_gets_no_code(pool: PgPool) {
    let app = TestApp::<App>::start(pool, config()).await;
    let nobody = app.anonymous();
    for address in ["", "a", "a@", "@x.io", "a@x", "a b@x.io", "a@x.io, b@x.io", "a@x.io\u{0}"] {
        let answer = nobody.post("/v1/auth/otp", json!({ "address": address })).await;
        let problem = answer.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], "/address");
    }
    nobody.get("/v1/auth/otp").await.problem(405, "method-not-allowed");
    assert!(app.emitted_names().await.is_empty());
}

#[test]
fn the_document_names_every_route_and_who_may_call_it() {
    let document = serde_json::to_value(App::document()).unwrap();
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
            "B delete /v1/me/totp",
            "B get /v1/admin/users",
            "B get /v1/admin/users/{id}",
            "B get /v1/me",
            "B get /v1/me/addresses",
            "B get /v1/me/sessions",
            "B get /v1/me/totp",
            "B patch /v1/me",
            "B post /v1/admin/users/{id}/roles",
            "B post /v1/admin/users/{id}/suspend",
            "B post /v1/auth/logout",
            "B post /v1/auth/step-up",
            "B post /v1/me/addresses",
            "B post /v1/me/recovery-codes",
            "B post /v1/me/totp",
            "B post /v1/me/totp/confirm",
            "B put /v1/me/addresses/{id}",
            "P get /.well-known/jwks.json",
            "P post /v1/auth/mfa",
            "P post /v1/auth/otp",
            "P post /v1/auth/otp/verify",
            "P post /v1/auth/refresh",
        ]
    );
}

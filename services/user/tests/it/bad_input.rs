//! Every body the service takes, as it should not be.

use axum::http::Method;
use kernel::AddressId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, TestApp, refuses_hostile_bodies, refuses_unseen_texts};
use user::App;

use crate::stage::{Guest, ask, config, kept, sign_in};

/// A route with a body that it takes.
struct Door {
    client: Client,
    method: Method,
    path: String,
    body: Value,
}

impl Door {
    async fn json(&self, body: String) -> Answer {
        let body = Some(("application/json", body.into()));
        self.client.send(self.method.clone(), &self.path, body).await
    }

    /// The body with a member whose value is this JSON text.
    fn with(&self, member: &str, json: &str) -> String {
        let mut body = self.body.clone();
        body[member] = json!("HERE");
        body.to_string().replace("\"HERE\"", json)
    }

    fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.body.as_object().unwrap().iter()
    }
}

/// Every route that takes a body, and what nobody may change by sending a bad one.
async fn doors(app: &TestApp<App>) -> (Vec<Door>, Guest) {
    let guest = sign_in(app, "a@x.io").await;
    let boss = sign_in(app, "boss@mall.test").await;
    let mailed = ask(app, "b@x.io").await;
    let address = json!({
        "recipient": "Asha Rao", "phone": "9876543210", "line1": "12 MG Road", "line2": "Ashok Nagar",
        "city": "Bengaluru", "state": "29", "pincode": "560001"
    });
    let added = guest.client.post("/v1/me/addresses", &address).await.expect(201);
    let (id, user) = (added["address_id"].as_str().unwrap(), &guest.user_id);
    let door = |client: &Client, method, path: &str, body| Door {
        client: client.clone(),
        method,
        path: path.to_owned(),
        body,
    };
    let (nobody, me, staff) = (app.anonymous(), &guest.client, &boss.client);
    let code = json!({ "challenge_id": mailed.challenge, "code": mailed.letter.code });
    let refresh = json!({ "refresh_token": guest.refresh_token });
    let edit = json!({ "name": "Asha", "phone": "9876543210", "locale": "hi-IN" });
    let rights = json!({ "roles": ["buyer"], "permissions": [] });
    let suspend = json!({ "suspended": true, "reason": "fraud" });
    let all = vec![
        door(&nobody, Method::POST, "/v1/auth/otp", json!({ "address": "c@x.io" })),
        door(&nobody, Method::POST, "/v1/auth/otp/verify", code),
        door(&nobody, Method::POST, "/v1/auth/refresh", refresh),
        door(me, Method::PATCH, "/v1/me", edit),
        door(me, Method::POST, "/v1/me/addresses", address.clone()),
        door(me, Method::PUT, &format!("/v1/me/addresses/{id}"), address),
        door(staff, Method::POST, &format!("/v1/admin/users/{user}/roles"), rights),
        door(staff, Method::POST, &format!("/v1/admin/users/{user}/suspend"), suspend),
    ];
    (all, guest)
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn no_broken_body_is_taken_by_any_route(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), config()).await;
    let (doors, _) = doors(&app).await;
    let before = kept(&pool).await;
    for Door { client, method, path, body } in &doors {
        refuses_hostile_bodies(client, method, path, body).await;
    }
    assert_eq!(kept(&pool).await, before);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn no_name_and_no_reason_is_one_that_nobody_sees(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), config()).await;
    let (doors, _) = doors(&app).await;
    let before = kept(&pool).await;
    let texts = ["/name", "/recipient", "/line1", "/city", "/reason"];
    let mut tried = 0;
    for Door { client, method, path, body } in &doors {
        let here: Vec<_> = texts.into_iter().filter(|at| body.pointer(at).is_some()).collect();
        refuses_unseen_texts(client, method, path, (body, &here)).await;
        tried += here.len();
    }
    assert_eq!(tried, 8);
    assert_eq!(kept(&pool).await, before);
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn no_text_steers_and_no_number_overflows_any_route(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), config()).await;
    let (doors, guest) = doors(&app).await;
    let before = kept(&pool).await;
    let long = format!("\"{}\"", "x".repeat(50_000));
    let texts = [
        r#""a\u0000b""#,
        r#""\ud800""#,
        "\"\u{202e}gpj.exe\"",
        "\"a\u{1f600}\"",
        "\"a\r\\nBcc: b@x.io\"",
        r#""a\r\nBcc: b@x.io""#,
        r#""""#,
        r#"" ""#,
        &long,
        "0",
        "-1",
        "1.5",
        "2147483648",
        "99999999999999999999",
        "{}",
        "[[]]",
    ];
    for door in &doors {
        for (member, _) in door.members() {
            // What nobody filled in is left out.
            let is_optional = |text: &&str| member == "line2" && [r#""""#, r#"" ""#].contains(text);
            for text in texts.into_iter().filter(|text| !is_optional(text)) {
                let answer = door.json(door.with(member, text)).await;
                let (status, said) = (answer.status.as_u16(), answer.text());
                // A raw line break is not even JSON; a token that is none is not believed.
                let token = member == "refresh_token" && text.starts_with('"');
                let expected = match text {
                    _ if text.contains('\r') => (400, "malformed-body"),
                    _ if token && !text.contains("ud800") => (401, "user/token-invalid"),
                    _ => (422, "validation-error"),
                };
                assert_eq!(status, expected.0, "{} {member} {text:.30}: {said}", door.path);
                answer.problem(expected.0, expected.1);
            }
        }
    }
    assert_eq!(kept(&pool).await, before);
    let me = guest.client.get("/v1/me").await.expect(200);
    assert_eq!((&me["name"], &me["roles"]), (&Value::Null, &json!(["buyer"])));
}

#[sqlx::test(migrator = "user::MIGRATOR")]
async fn no_path_or_query_that_cannot_be_does_harm(pool: PgPool) {
    let app = TestApp::<App>::start_without_second_factor(pool.clone(), config()).await;
    let (guest, boss) = (sign_in(&app, "a@x.io").await, sign_in(&app, "boss@mall.test").await);
    let before = kept(&pool).await;
    let long = "a".repeat(4_000);
    for id in ["x", "%00", "..%2f..", "1", "%ff", "'%20or%201=1", &long] {
        guest.client.delete(&format!("/v1/me/addresses/{id}")).await.problem(404, "not-found");
        guest.client.delete(&format!("/v1/me/sessions/{id}")).await.problem(404, "not-found");
        boss.client.get(&format!("/v1/admin/users/{id}")).await.problem(404, "not-found");
    }
    let other = AddressId::new();
    for (list, client) in [
        ("/v1/me/addresses", &guest.client),
        ("/v1/me/sessions", &guest.client),
        ("/v1/admin/users", &boss.client),
    ] {
        for query in [
            "limit=0",
            "limit=-1",
            "limit=101",
            "limit=1e6",
            "limit=",
            "after=x",
            "limit=1&limit=2",
        ] {
            client.get(&format!("{list}?{query}")).await.problem(422, "validation-error");
        }
        for query in ["page=2", "filter[email]=a", "sort=email", "fields=token_hash"] {
            client.get(&format!("{list}?{query}")).await.problem(400, "unknown-field");
        }
    }
    let path = format!("/v1/me/addresses/{other}?force=true");
    guest.client.delete(&path).await.problem(400, "unknown-field");
    assert_eq!(kept(&pool).await, before);
}

//! The HTTP door: what it refuses and how, and what every answer carries.

use std::convert::Infallible;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chassis::Service;
use chassis::auth::callers::may;
use chassis::telemetry::{self, Telemetry};
use futures::{StreamExt, stream};
use serde_json::json;
use sqlx::PgPool;
use testkit::{Answer, Client};
use tower::ServiceExt;

use crate::probe::Probe;
use crate::stage::{Stage, made};

async fn post_bytes(client: &Client, media: &str, body: &[u8]) -> Answer {
    client.send(Method::POST, "/v1/things", Some((media, body.to_vec()))).await
}

fn pointer(problem: &serde_json::Value) -> &str {
    problem["errors"][0]["pointer"].as_str().unwrap()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_is_not_known_is_refused_and_named(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let refused = client.post("/v1/things", json!({"name": "a", "colour": 1})).await;
    let problem = refused.problem(400, "unknown-field");
    assert_eq!(pointer(&problem), "/colour");
    let deep = json!({"name": "a", "parts": [{"weight": 1}, {"weight": 1, "mass": 2}]});
    let problem = client.post("/v1/things", deep).await.problem(400, "unknown-field");
    assert_eq!(pointer(&problem), "/parts/1/mass");
    let problem = client.get("/v1/things?min=1&max=2").await.problem(400, "unknown-field");
    assert_eq!(pointer(&problem), "max");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_wrong_value_is_refused_and_pointed_at(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for (body, at) in [
        (json!({"name": 7}), "/name"),
        (json!({"name": "a", "size": -1}), "/size"),
        (json!({"name": "a", "size": "1"}), "/size"),
        (json!({"name": "a", "size": 1.5}), "/size"),
        (json!({"name": "a", "size": 4_294_967_296_u64}), "/size"),
        (json!({"name": "a", "parts": [{"weight": 1}, {"weight": 256}]}), "/parts/1/weight"),
        (json!({"name": "a", "parts": null}), "/parts"),
        (json!({"size": 1}), ""),
        (json!("name"), ""),
        (json!(null), ""),
    ] {
        let problem = client.post("/v1/things", &body).await.problem(422, "validation-error");
        assert_eq!(pointer(&problem), at, "{body}");
    }
    let problem = client.get("/v1/things?min=few").await.problem(422, "validation-error");
    assert_eq!(pointer(&problem), "min");
    let twice = client.get("/v1/things?min=1&min=2").await.problem(422, "validation-error");
    assert_eq!(twice["errors"][0]["detail"], "must stand here once");
    assert_eq!(client.get("/v1/things?min=3").await.expect(200), json!(3));
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn all_mistakes_of_a_body_are_named_at_once(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let parts = r#"[{"weight": 256}, {"weight": 1}, {"mass": 2, "weight": "3"}, {}]"#;
    let named = async |body: &str, status, slug| {
        let answer = post_bytes(&client, "application/json", body.as_bytes()).await;
        let errors = answer.problem(status, slug)["errors"].clone();
        let of = |error: &serde_json::Value| error["pointer"].as_str().unwrap().to_owned();
        errors.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let body = format!(r#"{{"size": -1, "parts": {parts}, "colour": "red", "name": 7}}"#);
    let mut all = named(&body, 422, "validation-error").await;
    assert_eq!(all.remove(0), "/size");
    all.sort();
    let of_parts = ["/parts/0/weight", "/parts/2/mass", "/parts/2/weight", "/parts/3"];
    assert_eq!(all, [&["/colour", "/name"], &of_parts[..]].concat());
    let unknown = r#"{"colour": "red", "size": -1, "name": "a"}"#;
    assert_eq!(named(unknown, 400, "unknown-field").await, ["/colour", "/size"]);
    // What is lacking is met when everything else is right.
    assert_eq!(named(r#"{"size": -1}"#, 422, "validation-error").await, ["/size"]);
    let crowded = format!(r#"{{"name": "a", "parts": [{}]}}"#, ["7"; 500].join(","));
    assert_eq!(named(&crowded, 422, "validation-error").await.len(), 20);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_body_that_is_not_json_is_refused(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let bodies: [&[u8]; 6] = [
        b"",
        b"{",
        b"{\"name\": 7",
        b"{\"name\": \"a\"} {}",
        b"{\"name\": \"\xff\xfe\"}",
        b"{name: 'a'}",
    ];
    for body in bodies {
        post_bytes(&client, "application/json", body).await.problem(400, "malformed-body");
    }
    for (body, why) in [
        ("", "it ends before it is complete"),
        ("{\"name\":", "it ends before it is complete"),
        ("{\"name\": x}", "it is not JSON any more, at line 1, column 10"),
        ("{} {}", "something follows after its end, at line 1, column 4"),
    ] {
        let refused = post_bytes(&client, "application/json", body.as_bytes()).await;
        assert_eq!(refused.problem(400, "malformed-body")["detail"], why, "{body}");
    }
    let long = format!("{{\"name\": \"a\", \"size\": \"{}\"}}", "x".repeat(50_000));
    let refused = post_bytes(&client, "application/json", long.as_bytes()).await;
    assert!(refused.text().len() < 1_000, "the answer does not repeat a long value");
    assert_eq!(made(&pool).await.len(), 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_batch_where_one_thing_is_expected_is_refused(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let batch = |many: usize| json!(vec![json!({"name": "a"}); many]);
    for body in [json!([]), batch(1), batch(2), json!(["a", 1, []])] {
        client.post("/v1/things", body).await.problem(400, "malformed-body");
    }
    client.post("/v1/things", batch(10_000)).await.problem(413, "payload-too-large");
    assert_eq!(made(&pool).await.len(), 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn depth_width_and_length_do_not_break_the_parser(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let nested = |open: &str, close: &str| {
        format!("{{\"name\": {}1{}}}", open.repeat(10_000), close.repeat(10_000))
    };
    let members: Vec<String> = (0..5_000).map(|n| format!("\"m{n}\":0")).collect();
    for (body, slug) in [
        (nested("[", "]"), "malformed-body"),
        (nested("{\"a\":", "}"), "malformed-body"),
        ("[".repeat(20_000), "malformed-body"),
        (format!("{{\"name\": {}", "{\"a\":".repeat(5_000)), "malformed-body"),
        (format!("{{\"name\": \"a\", \"size\": {}}}", "9".repeat(60_000)), "malformed-body"),
        ("{\"name\": \"a\", \"size\": 1e999}".into(), "malformed-body"),
        (format!("{{{}}}", members.join(",")), "unknown-field"),
    ] {
        post_bytes(&client, "application/json", body.as_bytes()).await.problem(400, slug);
    }
    let members: Vec<String> = (0..100_000).map(|n| format!("\"m{n}\":0")).collect();
    for body in [format!("{{{}}}", members.join(",")), "9".repeat(1 << 20)] {
        let refused = post_bytes(&client, "application/json", body.as_bytes()).await;
        refused.problem(413, "payload-too-large");
    }
    assert_eq!(made(&pool).await.len(), 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_member_that_is_named_twice_is_refused_wherever_it_stands(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for body in [
        "{\"name\": \"a\", \"name\": \"b\"}",
        "{\"name\": \"a\", \"n\\u0061me\": \"a\"}",
        "{\"name\": \"a\", \"parts\": [{\"weight\": 1, \"weight\": 2}]}",
        "{\"name\": \"a\", \"labels\": {\"x\": \"1\", \"x\": \"2\"}}",
    ] {
        let refused = post_bytes(&client, "application/json", body.as_bytes()).await;
        refused.problem(400, "malformed-body");
    }
    let once = "{\"name\": \"a\", \"labels\": {\"name\": \"1\", \"x\": \"2\"}}";
    post_bytes(&client, "application/json", once.as_bytes()).await.expect(201);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn odd_characters_are_text_or_the_clients_mistake(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    client.post("/v1/texts", json!({"name": "a\u{0}b"})).await.problem(422, "validation-error");
    let key = client.clone().key("k");
    key.post("/v1/things", json!({"name": "a\u{0}b"})).await.problem(422, "validation-error");
    client.get("/v1/things/%00").await.problem(404, "not-found");
    client.get("/v1/things?min=%00").await.problem(422, "validation-error");
    client.get("/v1/things?min=%ff").await.problem(422, "validation-error");
    for half in ["\\ud800", "\\udc00", "\\ud800x", "\\ud83d\\ud83d"] {
        let body = format!("{{\"name\": \"{half}\"}}");
        let refused = post_bytes(&client, "application/json", body.as_bytes()).await;
        assert_eq!(pointer(&refused.problem(422, "validation-error")), "/name", "{half}");
    }
    let name = json!({"name": "x".repeat(1 << 20)});
    client.post("/v1/texts", name).await.problem(413, "payload-too-large");
    assert_eq!(made(&pool).await.len(), 0);
    // What may stand in a text is the service's to say; the door carries all that is UTF-8.
    let odd = "\u{202e}\u{1f600}\u{feff}";
    client.post("/v1/texts", json!({"name": odd})).await.expect(204);
    assert_eq!(made(&pool).await, [odd]);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn only_json_is_taken(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for (media, body) in [
        ("text/plain", "{\"name\": \"a\"}"),
        ("application/xml", "<name>a</name>"),
        ("application/x-www-form-urlencoded", "{\"name\": \"a\"}"),
        ("application/x-www-form-urlencoded", "name=a"),
        ("application/jsonp", "{\"name\": \"a\"}"),
        ("multipart/form-data", "{\"name\": \"a\"}"),
        ("", "{\"name\": \"a\"}"),
    ] {
        post_bytes(&client, media, body.as_bytes()).await.problem(415, "unsupported-media-type");
    }
    client.send(Method::POST, "/v1/things", None).await.problem(415, "unsupported-media-type");
    for media in ["application/json; charset=utf-8", "Application/JSON"] {
        post_bytes(&client, media, b"{\"name\": \"a\"}").await.expect(201);
    }
}

/// A thing whose JSON is exactly as long as a body may be, and `more` bytes.
fn as_long_as_may_be(more: usize) -> String {
    let frame = "{\"name\": \"\"}".len();
    format!("{{\"name\": \"{}\"}}", "x".repeat(64 * 1024 - frame + more))
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_body_that_is_too_large_is_refused_however_it_comes(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let client = stage.app.anonymous();
    let one_over = as_long_as_may_be(1);
    let refused = post_bytes(&client, "application/json", one_over.as_bytes()).await;
    refused.problem(413, "payload-too-large");
    let piece = vec![b'x'; 8 * 1024];
    let pieces = stream::iter(std::iter::repeat_with(move || Ok::<_, Infallible>(piece.clone())));
    let request = Request::post("/v1/things")
        .header("content-type", "application/json")
        .body(Body::from_stream(pieces))
        .unwrap();
    let refused = client.router().oneshot(request).await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE, "one that never ends");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    // Nothing is unpacked, so a bomb is a body like any other: of a kind that is not taken.
    let zipped = client.clone().with("content-encoding", "gzip");
    let bomb = post_bytes(&zipped, "application/json", b"\x1f\x8b\x08").await;
    bomb.problem(415, "unsupported-media-type");
    let one_over = post_bytes(&zipped, "application/json", one_over.as_bytes()).await;
    one_over.problem(413, "payload-too-large");
    assert_eq!(made(&pool).await.len(), 0);
    post_bytes(&client, "application/json", as_long_as_may_be(0).as_bytes()).await.expect(201);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_body_that_stops_coming_is_given_up(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let mut common = stage.app.common.clone();
    common.request_timeout_s = 1;
    let keyring = stage.app.app.keyring.clone();
    let routes = Probe::router().with_state(stage.app.app.clone());
    let routes = chassis::layers::wrap(routes, "probe", &common, keyring, None);
    let begun = stream::iter([Ok::<_, Infallible>("{\"name\":")]).chain(stream::pending());
    let request = Request::post("/v1/things")
        .header("content-type", "application/json")
        .body(Body::from_stream(begun))
        .unwrap();

    let refused = routes.oneshot(request).await.unwrap();

    assert_eq!(refused.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    assert_eq!(made(&pool).await.len(), 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn no_other_spelling_of_a_request_reaches_what_it_may_not(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE, Method::OPTIONS] {
        let refused = client.send(method.clone(), "/v1/things", None).await;
        assert_eq!(refused.header("allow"), Some("POST,GET,HEAD"), "{method}");
        refused.problem(405, "method-not-allowed");
    }
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        client.clone().with(header, "POST").get("/v1/things").await.expect(200);
    }
    for path in [
        "/v1/things/",
        "/v1//things",
        "//v1/things",
        "/v1/./things",
        "/v1/x/../things",
        "/v1/%2e/things",
        "/v1/x/%2e%2e/things",
        "/v1/%74hings",
        "/V1/things",
        "/v1/Things",
        "/v1/things;x",
        "/v1/things%2f",
    ] {
        client.post(path, json!({"name": "a"})).await.problem(404, "not-found");
    }
    assert_eq!(made(&pool).await.len(), 0);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn what_is_for_operators_is_not_on_the_public_door(pool: PgPool) {
    let client = Stage::set(&pool).await.app.as_staff(may::ALL);
    for path in [
        "/metrics",
        "/livez",
        "/readyz",
        "/health",
        "/health/details",
        "/debug",
        "/debug/pprof",
        "/internal",
        "/internal/x",
    ] {
        client.get(path).await.problem(404, "not-found");
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_way_that_does_not_exist_and_a_handler_that_breaks_are_problems(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let problem = client.get("/v1/nowhere").await.problem(404, "not-found");
    assert_eq!(problem["instance"], "/v1/nowhere");
    client.get("/v1/things/not-an-id").await.problem(404, "not-found");
    let refused = client.delete("/v1/things").await;
    let allowed = refused.header("allow").unwrap().to_owned();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
    refused.problem(405, "method-not-allowed");
    let broken = client.get("/v1/panic").await;
    assert!(!broken.text().contains("told to"), "{}", broken.text());
    let problem = broken.problem(500, "internal");
    assert_eq!(problem.get("detail"), None);
    assert_eq!(problem["status"], 500);
    assert_eq!(problem["type"], "https://mall.test/problems/internal");
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_sane_request_id_is_kept_and_another_is_replaced(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    let with = async |id: &str| {
        let answer = client.clone().with("x-request-id", id).get("/v1/things").await;
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(with("client-42").await, "client-42");
    for odd in ["", "two words", &"x".repeat(65)] {
        let given = with(odd).await;
        assert_ne!(given, odd);
        assert_eq!(given.len(), 36, "{given}");
    }
    let first = client.get("/v1/nowhere").await.header("x-request-id").unwrap().to_owned();
    let second = client.get("/v1/nowhere").await.header("x-request-id").unwrap().to_owned();
    assert_ne!(first, second);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn every_answer_is_hardened_problems_too(pool: PgPool) {
    let client = Stage::set(&pool).await.app.anonymous();
    for path in ["/v1/things", "/v1/nowhere", "/v1/panic", "/v1/me"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
    }
}

static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn the_callers_trace_goes_on_in_the_answer_the_problem_and_the_event(pool: PgPool) {
    TELEMETRY.get_or_init(|| telemetry::start("probe", "off", None).unwrap());
    let stage = Stage::set(&pool).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let caller = stage.app.anonymous().with("traceparent", &parent);

    let answer = caller.post("/v1/things", json!({"name": "a"})).await;
    let given = answer.header("traceparent").unwrap().to_owned();
    assert!(given.starts_with(&format!("00-{trace}-")) && given != parent, "{given}");
    let problem = caller.get("/v1/nowhere").await.problem(404, "not-found");
    assert_eq!(problem["trace_id"], trace);
    let said: String = sqlx::query_scalar("select traceparent from chassis.outbox")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(said.contains(trace), "{said}");

    let stranger = stage.app.anonymous().with("traceparent", "00-zz-01").get("/v1/nowhere").await;
    let own = stranger.problem(404, "not-found")["trace_id"].as_str().unwrap().to_owned();
    assert!(own.len() == 32 && own != trace, "{own}");
}

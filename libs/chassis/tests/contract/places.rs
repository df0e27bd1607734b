//! How many are served at once: those that wait for something take no place from the others.

use axum::body::Body;
use axum::http::{Method, Request};
use axum::response::Response;
use axum::{Router, http};
use chassis::Service;
use sqlx::PgPool;

use crate::probe::Probe;
use crate::stage::{Stage, entered};

/// The probe's routes with one place of each kind.
fn narrow(stage: &Stage) -> Router {
    let mut common = stage.app.common.clone();
    (common.max_concurrent_requests, common.max_waiting_requests) = (1, 1);
    let app = stage.app.app.clone();
    let keyring = app.keyring.clone();
    chassis::layers::wrap(Probe::router().with_state(app), "probe", &common, keyring, None)
}

async fn get(routes: &Router, path: &str) -> Response {
    ask(routes, Method::GET, path).await
}

async fn ask(routes: &Router, method: Method, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    tower::ServiceExt::oneshot(routes.clone(), request).await.unwrap()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn those_who_wait_take_no_place_from_those_who_ask(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let routes = narrow(&stage);
    let waiting = tokio::spawn({
        let routes = routes.clone();
        async move { get(&routes, "/v1/wait?wait=30").await.status() }
    });
    entered(&stage.strings, 1).await;

    assert_eq!(get(&routes, "/v1/me").await.status(), 401, "it is answered");
    let one_too_many = get(&routes, "/v1/wait?wait=30").await;
    assert_eq!(one_too_many.status(), 503);
    assert_eq!(one_too_many.headers()["retry-after"], "1");

    stage.strings.gate.add_permits(1);
    assert_eq!(waiting.await.unwrap(), 204);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_stream_keeps_its_place_until_the_client_has_gone(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let routes = narrow(&stage);
    let watched = get(&routes, "/v1/stream").await;
    assert_eq!(watched.status(), 200);
    assert_eq!(get(&routes, "/v1/stream").await.status(), 503);
    assert_eq!(get(&routes, "/v1/me").await.status(), 401, "it is answered");

    drop(watched);

    assert_eq!(get(&routes, "/v1/stream").await.status(), 200);
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_made_up_method_makes_no_number_of_its_own(pool: PgPool) {
    let stage = Stage::set(&pool).await;
    let routes = narrow(&stage);
    let ready = chassis::ops::Readiness::new(tokio_util::sync::CancellationToken::new());
    let ops = chassis::ops::routes(ready, chassis::health::Health::default());
    let brew = Method::from_bytes(b"BREW").unwrap();

    assert_eq!(ask(&routes, brew, "/v1/me").await.status(), http::StatusCode::METHOD_NOT_ALLOWED);

    let page = get(&ops, "/metrics").await.into_body();
    let page = axum::body::to_bytes(page, 10_000_000).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(!page.contains("BREW"));
    assert!(page.contains("method=\"other\""), "{page}");
}

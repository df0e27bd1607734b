//! The HTTP door: what happens to every request before and after its handler.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::auth::Keyring;
use super::auth::callers::StaffFactor;
use super::extract::Patience;
use super::needs::Needs;
use super::openapi::Queries;
use super::young::TooEarly;
use crate::config::Common;
use crate::db::Db;
use crate::problem::{Problem, Slug, said_at_panic};
use crate::telemetry;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The limits every request lives under.
#[derive(Debug, Clone)]
struct Limits {
    service: &'static str,
    time: Duration,
    at_once: Arc<Semaphore>,
    /// For those that wait for something to happen, with or without an answer begun.
    waiting: Arc<Semaphore>,
    /// Tells of every commit, where there is a database.
    commits: Option<watch::Sender<()>>,
}

/// Puts the layers around a service's routes.
pub fn wrap(
    routes: OpenApiRouter,
    service: &'static str,
    common: &Common,
    keyring: Keyring,
    db: Option<&Db>,
) -> Router {
    let (routes, document) = routes.split_for_parts();
    let (queries, needs) = (Queries::of(&document), Needs::of(&document));
    let limits = Limits {
        service,
        time: Duration::from_secs(common.request_timeout_s),
        at_once: Arc::new(Semaphore::new(common.max_concurrent_requests)),
        waiting: Arc::new(Semaphore::new(common.max_waiting_requests)),
        commits: db.map(|db| db.wakers().commits().clone()),
    };
    routes
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(move |request, next| queries.clone().check(request, next)))
        .layer(Extension(needs))
        .layer(DefaultBodyLimit::max(common.max_body_bytes))
        .layer(Extension(keyring))
        .layer(Extension(StaffFactor::of(common)))
        .layer(Extension(Patience(limits.time / 2)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(move |request, next| around(limits.clone(), request, next)))
}

async fn method_not_allowed() -> Problem {
    Problem::new(405, "method-not-allowed", "Not this way")
        .with_detail("see the Allow header for what this route takes")
}

#[expect(clippy::needless_pass_by_value, reason = "the layer wants it so")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal(said_at_panic(&*panic)).into_response()
}

/// Request id, trace, limits of concurrency and time, metrics, security headers.
async fn around(limits: Limits, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!(
        "http", otel.name = %format_args!("{}.{} {route}", limits.service, method),
        otel.kind = "server", service = limits.service, http.route = route, http.method = %method,
        http.status = tracing::field::Empty, request.id = %id
    );
    if let Some(parent) = request.headers().get(&TRACEPARENT).and_then(|v| v.to_str().ok()) {
        telemetry::adopt(&span, parent);
    }

    let (mut response, trace) = async {
        let answered = tokio::time::timeout(limits.time, answer(&limits, request, next)).await;
        let response = answered.unwrap_or_else(|_| too_slow().into_response());
        let response = keep_place(&limits, response);
        (complete(response, instance(&path, &route)).await, telemetry::traceparent())
    }
    .instrument(span.clone())
    .await;

    let status = response.status().as_u16();
    span.record("http.status", status);
    count(&limits, &route, known(&method), &response, started);
    let headers = response.headers_mut();
    for (name, value) in [(&REQUEST_ID, &id), (&TRACEPARENT, &trace)] {
        if !value.is_empty()
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    }
    secure(headers);
    response
}

async fn answer(limits: &Limits, request: Request, next: Next) -> Response {
    let places = if waits(&request) { &limits.waiting } else { &limits.at_once };
    let Ok(place) = places.try_acquire() else { return overloaded().into_response() };
    let too_early = TooEarly::may_be(&request, limits.commits.as_ref());
    let response = next.clone().run(request).await;
    let Some(too_early) = too_early.filter(|_| response.status() == StatusCode::NOT_FOUND) else {
        return response;
    };
    drop(place);
    match limits.waiting.try_acquire() {
        Ok(_place) => too_early.look_again(next, response).await,
        Err(_) => response,
    }
}

fn waits(request: &Request) -> bool {
    request.uri().query().is_some_and(|query| query.split('&').any(|p| p.starts_with("wait=")))
}

/// A stream of events has a place among those that wait for as long as it lasts.
fn keep_place(limits: &Limits, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    let Ok(place) = limits.waiting.clone().try_acquire_owned() else {
        return overloaded().into_response();
    };
    let watched = Watched::new(limits.service, place);
    response.map(|body| {
        Body::from_stream(body.into_data_stream().inspect(move |_| {
            let _ = &watched;
        }))
    })
}

/// One stream, in its place and on the dashboard.
struct Watched {
    streams: metrics::Gauge,
    _place: OwnedSemaphorePermit,
}

impl Watched {
    fn new(service: &'static str, place: OwnedSemaphorePermit) -> Self {
        let streams = metrics::gauge!("mall_http_streams", "service" => service);
        streams.increment(1);
        Self { streams, _place: place }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.streams.decrement(1);
    }
}

/// Any word is a method; those of the standard are few enough to count by.
fn known(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::CONNECT,
        Method::OPTIONS,
        Method::TRACE,
        Method::PATCH,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn too_slow() -> Problem {
    Problem::new(503, "timeout", "It took too long").with_retry_after(2)
}

fn overloaded() -> Problem {
    Problem::new(503, "overloaded", "Too much at once").with_retry_after(1)
}

/// A client's own id is kept when it is sane.
fn request_id(request: &Request) -> String {
    request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// What a problem says it belongs to. A token at the end of a path opens something and is not repeated.
fn instance<'a>(path: &'a str, route: &str) -> &'a str {
    let secret = route.ends_with("/{token}");
    path.rsplit_once('/').filter(|_| secret).map_or(path, |(before, _)| before)
}

/// Fills `instance` into problem documents, which do not know the path they answer.
async fn complete(response: Response, path: &str) -> Response {
    if response.extensions().get::<Slug>().is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 64 * 1024).await.unwrap_or_default();
    let Ok(mut document) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    if let Some(members) = document.as_object_mut() {
        // A thing that is missing and a thing that is somebody else's answer with the same bytes for one path.
        members.insert("instance".into(), path.into());
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(document.to_string()))
}

fn secure(headers: &mut axum::http::HeaderMap) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn count(limits: &Limits, route: &str, method: &str, response: &Response, started: Instant) {
    let labels = [
        ("service", limits.service.to_owned()),
        ("route", route.to_owned()),
        ("method", method.to_owned()),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("mall_http_requests_total", &labels).increment(1);
    metrics::histogram!("mall_http_request_seconds", "service" => limits.service, "route" => route.to_owned())
        .record(started.elapsed());
    if let Some(Slug(slug)) = response.extensions().get::<Slug>() {
        metrics::counter!("mall_problems_total", "service" => limits.service, "problem" => *slug)
            .increment(1);
    }
}

#[cfg(test)]
mod tests {
    use super::instance;

    #[test]
    fn a_token_in_a_path_is_not_repeated() {
        assert_eq!(instance("/v1/links/s3cret", "/v1/links/{token}"), "/v1/links");
        assert_eq!(instance("/v1/orders/1", "/v1/orders/{id}"), "/v1/orders/1");
    }
}

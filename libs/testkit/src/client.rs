//! A client of one service, in process: the same layers as over the network.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

/// Somebody who calls a service.
#[derive(Debug, Clone)]
pub struct Client {
    router: Router,
    headers: Vec<(String, String)>,
}

impl Client {
    pub(crate) fn new(router: Router, token: Option<String>) -> Self {
        let headers = token
            .map(|t| ("authorization".to_owned(), format!("Bearer {t}")))
            .into_iter()
            .collect();
        Self { router, headers }
    }

    /// With a header on every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With an `Idempotency-Key`.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: impl Serialize) -> Answer {
        self.json(Method::POST, path, body).await
    }

    /// `PUT` of a JSON body.
    pub async fn put(&self, path: &str, body: impl Serialize) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    /// `PATCH` of a JSON body.
    pub async fn patch(&self, path: &str, body: impl Serialize) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    async fn json(&self, method: Method, path: &str, body: impl Serialize) -> Answer {
        let body = serde_json::to_vec(&body).expect("test bodies are JSON");
        self.send(method, path, Some(("application/json", body))).await
    }

    /// Any request, with a body of any kind.
    pub async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match body {
            Some((media, bytes)) => request.header("content-type", media).body(Body::from(bytes)),
            None => request.body(Body::empty()),
        };
        let request = request.expect("test requests are well formed");
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap_or_default();
        Answer { status, headers, body: body.to_vec() }
    }

    /// The router itself, for answers that stream.
    pub fn router(&self) -> Router {
        self.router.clone()
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{} is not JSON ({e}): {}", self.status, self.text()))
    }

    /// The body of an answer with this status.
    ///
    /// # Panics
    /// On any other status.
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.value() }
    }

    /// The body of a 200, as `T`.
    ///
    /// # Panics
    /// On any other status or another shape.
    pub fn ok<T: DeserializeOwned>(self) -> T {
        let value = self.expect(200);
        serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{e}: {value}"))
    }

    /// Asserts a problem document of this status and slug, and returns it.
    ///
    /// # Panics
    /// When it is anything else.
    pub fn problem(self, status: u16, slug: &str) -> Value {
        let media = self.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("");
        assert_eq!(media, "application/problem+json", "{} {}", self.status, self.text());
        let document = self.value();
        assert_eq!(self.status.as_u16(), status, "{document}");
        let kind = document["type"].as_str().unwrap_or_default();
        assert!(kind.ends_with(&format!("/problems/{slug}")), "{document}");
        document
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
}

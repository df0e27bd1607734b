//! What a person asks over HTTP, signed in or not.

use anyhow::Context as _;
use kernel::EventId;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use super::Person;
use crate::client;

impl Person {
    /// `GET`, expecting a 2xx.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.json(Method::GET, path, None, None).await
    }

    /// `POST`, expecting a 2xx. It has a key of its own, so that it can be repeated.
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.post_once(path, &EventId::new().to_string(), body).await
    }

    /// `POST` with an `Idempotency-Key`, expecting a 2xx.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> anyhow::Result<Value> {
        self.json(Method::POST, path, Some(body), Some(key)).await
    }

    /// `PUT`, expecting a 2xx.
    pub async fn put(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.json(Method::PUT, path, Some(body), None).await
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> anyhow::Result<Value> {
        let answer = self.send(method.clone(), path, body, key).await?;
        read(answer, &format!("{method} {path}")).await
    }

    /// Any request, repeated while what answers it is away; the answer as it came.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> anyhow::Result<Response> {
        let Some(lasting) = &self.lasting else {
            return self.send_as(&self.access_token, method, path, body, key).await;
        };
        let token = lasting.token().await;
        let answer = self.send_as(&token, method.clone(), path, body.clone(), key).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let fresh = lasting.renew(&token).await?;
        self.send_as(&fresh, method, path, body, key).await
    }

    pub(super) async fn send_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> anyhow::Result<Response> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.gateway));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        client::send(request).await.with_context(|| format!("{method} {path}"))
    }
}

/// The body of a 2xx.
pub(super) async fn read(answer: Response, what: &str) -> anyhow::Result<Value> {
    let status = answer.status();
    let text = answer.text().await?;
    anyhow::ensure!(status.is_success(), "{what}: {status} {text}");
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).with_context(|| format!("{what}: {text}"))
}

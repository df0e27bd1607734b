//! A POST that needs no body: none, or an empty object.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use chassis::idempotency::Key;
use chassis::{Once, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The client's key, if it sent one, of a request without a body.
#[derive(Debug, Clone)]
pub struct Bare(pub Option<Key>);

impl<S: Send + Sync> FromRequest<S> for Bare {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, mut body) = request.into_parts();
        if body.is_end_stream() {
            let json = HeaderValue::from_static("application/json");
            parts.headers.insert(header::CONTENT_TYPE, json);
            body = Body::from("{}");
        }
        let request = Request::from_parts(parts, body);
        let Once { body: Nothing {}, key } = Once::from_request(request, state).await?;
        Ok(Self(key))
    }
}

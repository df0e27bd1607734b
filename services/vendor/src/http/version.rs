//! `ETag` and `If-Match`: nobody overwrites what they have not seen.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chassis::Json;
use serde::Serialize;

use crate::error::Error;

/// The version that the client has seen, if it says so.
#[derive(Debug, Clone, Copy)]
pub struct Seen(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().map_err(|_| Error::Stale)?.trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        // A tag that is not one of ours cannot be the current one.
        version.and_then(|v| v.parse().ok()).map(|v| Self(Some(v))).ok_or(Error::Stale)
    }
}

/// A view together with the tag of its edition.
#[derive(Debug, Clone)]
pub struct Tagged<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, format!("\"{}\"", self.0))], Json(self.1)).into_response()
    }
}

//! Which edition of a thing a client has seen: `ETag`, `If-Match`, `If-None-Match`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::extract::{Json, invalid};
use crate::problem::{Explain, Explained, FieldError, Problem};

/// The version an edit was made from: `If-Match: "3"`. Without the header, or with `*`, any will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().map(str::trim).unwrap_or_default();
        if text == "*" {
            return Ok(Self(None));
        }
        let tag = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let tag = tag.ok_or_else(|| {
            invalid(vec![FieldError::at("If-Match", "must be one ETag of this thing, or *")])
        })?;
        // A well-formed tag that we never gave matches no version.
        Ok(Self(Some(tag.parse().unwrap_or(-1))))
    }
}

impl IfMatch {
    /// Whether an edit of this version may go on.
    ///
    /// # Errors
    /// 412 when the client has seen another one.
    pub fn check(self, version: i64) -> Result<(), Stale> {
        match self.0 {
            Some(seen) if seen != version => Err(Stale),
            _ => Ok(()),
        }
    }
}

/// Somebody changed it since the client read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was changed since you read it; read it again")]
pub struct Stale;

impl Explain for Stale {
    fn explain(&self) -> Explained {
        (412, "precondition-failed", "It changed meanwhile")
    }
}

/// A view together with the version it shows.
#[derive(Debug, Clone, Copy)]
pub struct Tagged<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        with_tag(Json(self.1).into_response(), &self.0.to_string())
    }
}

/// A view put together from several things: its tag is a hash of its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Hashed<T>(pub T);

impl<T: Serialize> IntoResponse for Hashed<T> {
    fn into_response(self) -> Response {
        let bytes = serde_json::to_vec(&self.0).unwrap_or_default();
        let hash = hex::encode(Sha256::digest(bytes));
        with_tag(Json(self.0).into_response(), &hash[..32])
    }
}

/// The view with its version, or 304 when it is among those that the client has (`If-None-Match`).
pub fn unless_seen<T: Serialize>(headers: &HeaderMap, version: i64, view: T) -> Response {
    if known(headers).any(|tag| tag == "*") || versions(headers).any(|seen| seen == version) {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &version.to_string());
    }
    Tagged(version, view).into_response()
}

/// The latest version that the client says it has (`If-None-Match`).
pub fn seen(headers: &HeaderMap) -> Option<i64> {
    versions(headers).max()
}

/// What the client says it has: RFC 9110, 13.1.2. A tag of ours holds no comma.
fn known(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::IF_NONE_MATCH).into_iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}

fn versions(headers: &HeaderMap) -> impl Iterator<Item = i64> {
    known(headers).filter_map(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
    })
}

pub(crate) fn with_tag(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, StatusCode, header};

    use super::{IfMatch, Stale, seen, unless_seen};

    fn headers(tags: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, tags.parse().unwrap())])
    }

    #[test]
    fn tags_are_read_in_every_form_a_client_may_send() {
        assert_eq!(seen(&headers("\"7\"")), Some(7));
        assert_eq!(seen(&headers("W/\"7\"")), Some(7));
        assert_eq!(seen(&headers("\"x\", \"7\"")), Some(7));
        assert_eq!(seen(&headers("\"7\", \"9\",\"8\"")), Some(9));
        for nonsense in ["*", "7", "\"\"", "\"9999999999999999999999\""] {
            assert_eq!(seen(&headers(nonsense)), None, "{nonsense}");
        }
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        for has_it in ["\"7\"", "*", "\"3\", \"7\"", "\"7\",\"9\"", "\"x\", W/\"7\""] {
            let again = unless_seen(&headers(has_it), 7, "x");
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{has_it}");
        }
        let fresh = unless_seen(&headers("\"6\""), 7, "x");
        assert_eq!(fresh.status(), StatusCode::OK);
        assert_eq!(fresh.headers()[header::ETAG], "\"7\"");
    }

    #[test]
    fn an_edit_of_an_older_version_is_stale() {
        assert!(IfMatch(Some(3)).check(3).is_ok());
        assert!(IfMatch(None).check(3).is_ok());
        assert_eq!(IfMatch(Some(2)).check(3), Err(Stale));
    }
}

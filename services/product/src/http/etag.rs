//! Which edition of a thing a client has seen.

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, HeaderName, IF_MATCH};
use axum::http::request::Parts;
use chassis::extract::invalid;
use chassis::{FieldError, Problem};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::usecases::Seen;

/// The header that names a version.
pub fn of_version(version: i64) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{version}\""))]
}

/// The header that names an answer by its bytes, for answers that are put together from several things.
pub fn of_view(view: &impl Serialize) -> [(HeaderName, String); 1] {
    let bytes = serde_json::to_vec(view).unwrap_or_default();
    let hash = hex::encode(Sha256::digest(bytes));
    [(ETAG, format!("\"{}\"", &hash[..32]))]
}

/// The version an edit was made from: `If-Match: "3"`. Without the header, or with `*`, any will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Seen);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
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

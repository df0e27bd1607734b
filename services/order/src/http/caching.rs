//! Versions as `ETag`: what a client has already, it need not be sent again.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chassis::Json;
use serde::Serialize;

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that the client says it has (`If-None-Match`).
pub fn seen(headers: &HeaderMap) -> Option<i64> {
    let tags = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    tags.split(',').find_map(|tag| {
        let tag = tag.trim().trim_start_matches("W/");
        tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
    })
}

/// The view with its version, or 304 when the client has it.
pub fn answer<T: Serialize>(headers: &HeaderMap, version: i64, view: T) -> Response {
    if seen(headers) == Some(version) {
        return tagged(StatusCode::NOT_MODIFIED.into_response(), version);
    }
    tagged(Json(view).into_response(), version)
}

/// The response with a version.
pub fn tagged(mut response: Response, version: i64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&tag(version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, StatusCode, header};

    use super::{answer, seen};

    fn headers(tags: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, tags.parse().unwrap())])
    }

    #[test]
    fn tags_are_read_in_every_form_a_client_may_send() {
        assert_eq!(seen(&headers("\"7\"")), Some(7));
        assert_eq!(seen(&headers("W/\"7\"")), Some(7));
        assert_eq!(seen(&headers("\"x\", \"7\"")), Some(7));
        for nonsense in ["*", "7", "\"\"", "\"9999999999999999999999\""] {
            assert_eq!(seen(&headers(nonsense)), None, "{nonsense}");
        }
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        assert_eq!(answer(&headers("\"7\""), 7, "x").status(), StatusCode::NOT_MODIFIED);
        let fresh = answer(&headers("\"6\""), 7, "x");
        assert_eq!(fresh.status(), StatusCode::OK);
        assert_eq!(fresh.headers()[header::ETAG], "\"7\"");
    }
}

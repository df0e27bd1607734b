//! HTTP Basic with the merchant's key, the only way into `/v1`.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::error::Error;

/// Lets requests through that carry the key, exactly as `Basic <base64>`.
pub async fn require_key(State(app): State<App>, request: Request, next: Next) -> Response {
    match credentials(request.headers()) {
        Some(credentials) if app.knows(&credentials) => next.run(request).await,
        Some(_) | None => Error::Unauthorized.into_response(),
    }
}

fn credentials(headers: &HeaderMap) -> Option<Vec<u8>> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    STANDARD.decode(header.strip_prefix("Basic ")?).ok()
}

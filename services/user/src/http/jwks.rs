//! The public keys, for verifiers outside the mall. Services hear them.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chassis::{Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::SigningKey;
use crate::{App, usecases};

/// A JSON Web Key Set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySetView {
    keys: Vec<KeyView>,
}

/// A public Ed25519 key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    kty: &'static str,
    crv: &'static str,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
}

impl From<SigningKey> for KeyView {
    fn from(key: SigningKey) -> Self {
        let (kty, crv, purpose, alg) = ("OKP", "Ed25519", "sig", "EdDSA");
        Self { kty, crv, purpose, alg, kid: key.kid, x: key.x }
    }
}

/// Lists the public keys of access tokens. The answer may be kept for five minutes.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "getKeySet", tag = "user",
    responses((status = 200, description = "The keys", body = KeySetView)),
)]
pub async fn list(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let keys = usecases::published(&app).await?;
    let view = KeySetView { keys: keys.into_iter().map(KeyView::from).collect() };
    // Less than the time between a key's publication and its first signature.
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], Json(view)))
}

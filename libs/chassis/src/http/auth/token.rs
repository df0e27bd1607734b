//! Access tokens: JWS with Ed25519 (RFC 8037, RFC 8725), ten minutes long.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{SessionId, UserId, VendorId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Who issues tokens.
pub const ISSUER: &str = "mall";
/// Whom they are for.
pub const AUDIENCE: &str = "mall-api";
/// What kind of token this is (RFC 9068).
pub const TYPE: &str = "at+jwt";
/// Clocks may be off by so much, in seconds.
pub const LEEWAY_S: i64 = 60;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// The session, which can be revoked.
    pub sid: SessionId,
    /// The token's own id.
    pub jti: String,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires at.
    pub exp: i64,
    /// `buyer`, `admin`.
    pub roles: Vec<String>,
    /// What staff may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perms: Vec<String>,
    /// The sellers the user acts for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vendors: Vec<VendorId>,
    /// When the session last showed a second factor, seconds since 1970; absent if it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa: Option<i64>,
}

/// Why a token is not believed. Clients are told only that it is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of ours, or altered.
    #[error("malformed or altered")]
    Malformed,
    /// Signed with a key nobody published.
    #[error("unknown key")]
    UnknownKey,
    /// Not everything that was published has been read yet.
    #[error("too early to tell")]
    TooEarly,
    /// Over, not yet begun, or from the future.
    #[error("outside its time")]
    OutsideItsTime,
    /// Its session was ended.
    #[error("revoked")]
    Revoked,
}

/// The RFC 7638 thumbprint of an Ed25519 public key.
pub fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()))
}

/// The private half of a signing key.
pub struct Signer {
    kid: String,
    x: String,
    key: EncodingKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A key pair that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key is not a PKCS#8 Ed25519 key")]
pub struct KeyError;

impl Signer {
    /// Reads a PKCS#8 document.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        use aws_lc_rs::signature::KeyPair;
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8(der).map_err(|_| KeyError)?;
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self { kid: thumbprint(&x), x, key: EncodingKey::from_ed_der(der) })
    }

    /// Makes a new key; returns it with its PKCS#8 document.
    pub fn generate() -> Result<(Self, Vec<u8>), KeyError> {
        let pair = aws_lc_rs::signature::Ed25519KeyPair::generate().map_err(|_| KeyError)?;
        let der = pair.to_pkcs8v1().map_err(|_| KeyError)?.as_ref().to_vec();
        Ok((Self::from_pkcs8(&der)?, der))
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, base64url.
    pub fn x(&self) -> &str {
        &self.x
    }

    /// Signs `claims`.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.into());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|_| KeyError)
    }
}

/// The `kid` of a token that looks like one of ours.
pub(crate) fn kid(token: &str) -> Result<String, TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
    if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
        return Err(TokenError::Malformed);
    }
    // Which key is to be believed is nothing that a token may say; extensions that must be understood are not.
    let says_more = header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.crit.is_some();
    if says_more {
        return Err(TokenError::Malformed);
    }
    header.kid.ok_or(TokenError::Malformed)
}

/// Checks signature, issuer, audience and times against `now`.
pub(crate) fn verify(token: &str, key: &DecodingKey, now: Timestamp) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    // The times are checked below, by our clock, so that tests can move it.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
        .map_err(|_| TokenError::Malformed)?
        .claims;

    let now = now.as_second();
    let in_time = claims.exp > now.saturating_sub(LEEWAY_S)
        && claims.nbf <= now.saturating_add(LEEWAY_S)
        && claims.iat <= now.saturating_add(LEEWAY_S);
    if in_time { Ok(claims) } else { Err(TokenError::OutsideItsTime) }
}

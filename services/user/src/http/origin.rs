//! Where a request comes from: its network and its device.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// The client's address. The gateway sets the header and overwrites what clients put there.
#[derive(Debug, Clone, Copy)]
pub struct Origin(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let address = parts.headers.get("x-real-ip").and_then(|value| value.to_str().ok());
        Ok(Self(address.and_then(|text| text.trim().parse().ok())))
    }
}

/// What the client calls itself, so that its owner recognises the session.
#[derive(Debug, Clone)]
pub struct Device(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // to_str refuses everything but visible ASCII, so 200 bytes are 200 characters.
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(agent.map(|agent| agent.chars().take(200).collect())))
    }
}

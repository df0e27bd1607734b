//! How requests are read: what cannot be read is refused in the provider's own words.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use kernel::Currency;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::domain::refused::Refused;
use crate::error::Error;

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|refused| Error::Malformed(refused.body_text()))?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|reason| Error::Malformed(format!("The body cannot be read: {reason}")))
    }
}

/// The parts of the path that have a name.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let path = Path::from_request_parts(parts, app).await;
        path.map(|Path(named)| Self(named)).map_err(|_| Refused::UnknownId.into())
    }
}

/// Reads a currency's ISO code.
pub fn currency(code: &str) -> Result<Currency, Refused> {
    Currency::parse(code).map_err(|_| Refused::input("currency", "Currency is not supported"))
}

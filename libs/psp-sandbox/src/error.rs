//! Every way the HTTP door says no, in the shape of Razorpay's errors.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::domain::refused::Refused;

/// The ledger file could not be written: nothing more is answered until a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The server encountered an error. The incident has been reported to admins.")]
pub struct Broken;

/// What a caller may hear instead of an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request was understood and refused.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The request could not be read.
    #[error("{0}")]
    Malformed(String),
    /// The key is missing or wrong.
    #[error("The api key provided is invalid")]
    Unauthorized,
    /// There is nothing here.
    #[error("The requested URL was not found on the server.")]
    NotFound,
    /// There is something here, but not under this method.
    #[error("The HTTP method is not allowed for the requested URL.")]
    MethodNotAllowed,
    /// The ledger file could not be written.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Error {
    /// On the hand-rail an unknown id is a page that is not there. Razorpay itself says 400.
    pub fn or_not_found(self) -> Self {
        match self {
            Self::Refused(Refused::UnknownId) => Self::NotFound,
            Self::Refused(_)
            | Self::Malformed(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Broken(_) => self,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(Refused::KeyInProgress) => StatusCode::CONFLICT,
            Self::Refused(_) | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Broken(_) => "SERVER_ERROR",
            Self::Refused(_)
            | Self::Malformed(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::MethodNotAllowed => "BAD_REQUEST_ERROR",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refused) => refused.field(),
            Self::Malformed(_)
            | Self::Unauthorized
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Broken(_) => None,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let body = json!({"error": {
            "code": self.code(),
            "description": self.to_string(),
            "source": "business",
            "step": "payment_initiation",
            "reason": "input_validation_failed",
            "metadata": {},
            "field": self.field(),
        }});
        (self.status(), Json(body)).into_response()
    }
}

//! Every way the analytics service says no, and as which problem.

use axum::http::StatusCode;
use chassis::{Explain, FieldError};
use kernel::Invalid;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A period that cannot be.
    #[error("{0}")]
    Period(#[from] Invalid),
    /// The database failed.
    #[error("the numbers could not be kept or read")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Period(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation-error", "A value is not valid")
            }
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Period(invalid) = self else { return Vec::new() };
        vec![FieldError::at(invalid.what, invalid.why)]
    }
}

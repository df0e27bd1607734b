//! Every way search says no, and as which problem.

use axum::http::StatusCode;
use chassis::{Explain, FieldError};

use crate::domain::QueryRefused;
use crate::index;

/// Why a question is not answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question is not one.
    #[error(transparent)]
    Refused(#[from] QueryRefused),
    /// The index is broken.
    #[error("the index failed")]
    Index(#[source] index::Error),
    /// The search did not end.
    #[error("the search did not end")]
    Broken,
}

impl From<index::Error> for Error {
    fn from(error: index::Error) -> Self {
        match error {
            index::Error::Refused(refused) => Self::Refused(refused),
            index::Error::Engine(_) => Self::Index(error),
        }
    }
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Refused(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation-error", "A value is not valid")
            }
            Self::Index(_) | Self::Broken => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
            }
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Refused(refused) = self else { return Vec::new() };
        let parameter = match refused {
            QueryRefused::TextTooLong | QueryRefused::TooManyWords => "q",
            QueryRefused::BadLimit => "limit",
            QueryRefused::BadPriceRange => "min_price",
            QueryRefused::BadRating => "min_rating",
            QueryRefused::BadSort => "sort",
            QueryRefused::BadCursor => "after",
        };
        vec![FieldError::at(parameter, refused)]
    }
}

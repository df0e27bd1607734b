//! Every way search says no, and as which problem.

use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};

use crate::domain::QueryRefused;
use crate::index;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question is not one.
    #[error(transparent)]
    Refused(#[from] QueryRefused),
    #[error("the index failed")]
    Index(#[source] index::Error),
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
    fn explain(&self) -> Explained {
        match self {
            Self::Refused(_) => problem::INVALID,
            Self::Index(_) | Self::Broken => problem::INTERNAL,
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

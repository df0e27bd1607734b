//! Every way the analytics service says no, and as which problem.

use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};
use kernel::Invalid;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A period that cannot be.
    #[error("{0}")]
    Period(#[from] Invalid),
    #[error("the numbers could not be kept or read")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::Period(_) => problem::INVALID,
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Period(invalid) = self else { return Vec::new() };
        vec![FieldError::at(invalid.what, invalid.why)]
    }
}

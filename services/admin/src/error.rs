//! Every way the admin service says no, and as which problem.

use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};
use kernel::Invalid;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody has heard of it.
    #[error("there is nothing here for you")]
    NotFound,
    /// The decision makes no sense for the thing as it stands here. Its owner may be a moment ahead.
    #[error(
        "this cannot be decided about something that is {0}; what happened a moment ago may not be heard of yet: try again in \
         a moment"
    )]
    NotDecidable(String),
    /// Nobody decides about a seller they act for, what it sells, or what was written about either.
    #[error("somebody who does not act for this seller has to decide about it")]
    OwnSeller,
    /// A member of the request that cannot be.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    #[error("the books could not be reached")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::NotDecidable(_) => (409, "admin/not-decidable", "Nothing to decide"),
            Self::OwnSeller => (403, "admin/own-seller", "This is about a seller of your own"),
            Self::Invalid(_) => problem::INVALID,
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Invalid(invalid) = self else { return Vec::new() };
        vec![FieldError::at(&format!("/{}", invalid.what), invalid.why)]
    }
}

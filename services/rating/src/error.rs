//! Every way the rating service says no, and as which problem.

use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};
use kernel::Invalid;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown, or somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Not a delivered purchase of the caller.
    #[error("only what was bought and delivered can be rated")]
    NotEligible,
    /// A member of the seller rates it.
    #[error("members of a seller do not rate it")]
    OwnShop,
    /// One review per order and target.
    #[error("this purchase has been rated")]
    AlreadyReviewed,
    /// A member of the body that cannot be.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    #[error("the review could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::NotEligible => (403, "rating/not-eligible", "Not a delivered purchase of yours"),
            Self::OwnShop => (403, "rating/own-shop", "Not your own shop"),
            Self::AlreadyReviewed => (409, "rating/already-reviewed", "Rated already"),
            Self::Invalid(_) => problem::INVALID,
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Invalid(invalid) = self else { return Vec::new() };
        vec![FieldError::at(&format!("/{}", invalid.what), invalid.why)]
    }
}

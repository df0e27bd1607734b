//! Every way this service says no, and as which problem.

use axum::http::StatusCode;
use chassis::etag::Stale;
use chassis::s3::S3Error;
use chassis::seal::SealError;
use chassis::{Explain, FieldError};

use crate::domain::flaw::Flaw;
use crate::domain::standing::NotEditable;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Values that cannot be.
    #[error("see errors for the fields and what is wrong with them")]
    Flawed(Vec<Flaw>),
    /// Another seller applied with this registration.
    #[error("a seller with this GSTIN is here already")]
    GstinTaken,
    /// The wish does not fit where the seller stands.
    #[error(transparent)]
    NotEditable(#[from] NotEditable),
    /// Something is asked for and not there.
    #[error("see errors for the documents that are asked for")]
    Incomplete(Vec<Flaw>),
    /// What was uploaded is not what was announced.
    #[error("see errors for the documents and what is wrong with them")]
    Mismatch(Vec<Flaw>),
    /// Somebody else changed it meanwhile.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Every prefix of invoice numbers is taken.
    #[error("no prefix of invoice numbers is left")]
    NoPrefixLeft,
    /// Something does not open with our key.
    #[error("what was sealed does not open")]
    Sealed(#[from] SealError),
    /// Object storage failed.
    #[error("the documents cannot be reached")]
    Objects(#[from] S3Error),
    /// The database failed.
    #[error("the seller could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Flawed(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "validation-error", "A value is not valid")
            }
            Self::GstinTaken => (StatusCode::CONFLICT, "vendor/gstin-taken", "The GSTIN is taken"),
            Self::NotEditable(_) => {
                (StatusCode::CONFLICT, "vendor/not-editable", "The seller cannot be changed now")
            }
            Self::Incomplete(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "vendor/incomplete", "Documents are missing")
            }
            Self::Mismatch(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "vendor/document-mismatch",
                "A document is not what was announced",
            ),
            Self::Stale(stale) => stale.explain(),
            Self::Objects(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "A part of the mall is away")
            }
            Self::NoPrefixLeft | Self::Sealed(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
            }
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Flawed(flaws) | Self::Incomplete(flaws) | Self::Mismatch(flaws) => {
                flaws.iter().map(|flaw| FieldError::at(&flaw.pointer, flaw.why)).collect()
            }
            Self::NotFound
            | Self::GstinTaken
            | Self::NotEditable(_)
            | Self::Stale(_)
            | Self::NoPrefixLeft
            | Self::Sealed(_)
            | Self::Objects(_)
            | Self::Db(_) => Vec::new(),
        }
    }
}

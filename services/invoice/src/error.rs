//! Every way the invoice service says no, and as which problem.

use axum::http::StatusCode;
use chassis::Explain;
use chassis::s3::S3Error;
use chassis::seal::SealError;

use crate::domain::flaw::Flaw;
use crate::pdf::RenderError;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// An event needs something that is not known yet: a seller, an address, the document that a credit reduces.
    #[error("the {0} is not known yet")]
    NotYet(&'static str),
    /// No lawful document can be made of the order or the credit.
    #[error("no document can be made of it: {0}")]
    Unissuable(#[from] Flaw),
    /// Somebody changed something in a link, or made it up.
    #[error("the link is not one of ours")]
    LinkInvalid,
    /// The link was good once.
    #[error("the link has expired or was revoked; ask for a new one")]
    LinkExpired,
    /// A document is asked for so often that it is no reader who asks.
    #[error("the document was asked for too often; wait a little")]
    TooOften {
        /// After how many seconds it may be asked for again.
        retry_after_s: u32,
    },
    /// What lies in the store is not what was printed.
    #[error("the object {0} is not the document that was printed")]
    ObjectDiffers(String),
    /// Nothing lies in the store where a document should.
    #[error("the object {0} is missing")]
    ObjectMissing(String),
    /// The document cannot be printed.
    #[error("the document cannot be printed")]
    Print(#[from] RenderError),
    /// The object store failed.
    #[error("the documents cannot be reached")]
    Store(#[from] S3Error),
    /// A link cannot be sealed.
    #[error("the link cannot be sealed")]
    Seal(#[from] SealError),
    /// The database failed.
    #[error("the invoice could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::NotYet(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "invoice/not-yet",
                "Something was not heard of yet",
            ),
            Self::Unissuable(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invoice/unissuable",
                "No document can be made of it",
            ),
            Self::LinkInvalid => {
                (StatusCode::FORBIDDEN, "invoice/link-invalid", "The link is not valid")
            }
            Self::LinkExpired => (StatusCode::GONE, "invoice/link-expired", "The link has expired"),
            Self::TooOften { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Too many requests")
            }
            Self::ObjectDiffers(_) | Self::ObjectMissing(_) | Self::Print(_) | Self::Seal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
            }
            Self::Store(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "A part of the mall is away")
            }
            Self::Db(error) => error.explain(),
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        if let Self::TooOften { retry_after_s } = self { Some(*retry_after_s) } else { None }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

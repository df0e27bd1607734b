//! Every way the invoice service says no, and as which problem.

use chassis::Explain;
use chassis::problem::{self, Explained};
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
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::NotYet(_) => (503, "invoice/not-yet", "Something was not heard of yet"),
            Self::Unissuable(_) => (422, "invoice/unissuable", "No document can be made of it"),
            Self::LinkInvalid => (403, "invoice/link-invalid", "The link is not valid"),
            Self::LinkExpired => (410, "invoice/link-expired", "The link has expired"),
            Self::TooOften { .. } => problem::RATE_LIMITED,
            Self::ObjectDiffers(_) | Self::ObjectMissing(_) | Self::Print(_) | Self::Seal(_) => {
                problem::INTERNAL
            }
            Self::Store(_) => problem::UNAVAILABLE,
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

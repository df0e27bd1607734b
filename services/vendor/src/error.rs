//! Every way this service says no, and as which problem.

use chassis::etag::Stale;
use chassis::problem::{self, Explained};
use chassis::s3::S3Error;
use chassis::seal::SealError;
use chassis::{Explain, FieldError};

use crate::domain::flaw::Flaw;
use crate::domain::standing::NotEditable;
use crate::provider::ProviderError;

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
    #[error("the documents cannot be reached")]
    Objects(#[from] S3Error),
    /// Staff would look into the papers of a seller they act for.
    #[error("you act for this seller, so another member of staff has to look at it")]
    OwnSeller,
    /// The payment provider did not do what was asked.
    #[error("the payment provider could not be told")]
    Provider(#[from] ProviderError),
    #[error("the seller could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::Flawed(_) => problem::INVALID,
            Self::GstinTaken => (409, "vendor/gstin-taken", "The GSTIN is taken"),
            Self::NotEditable(_) => {
                (409, "vendor/not-editable", "The seller cannot be changed now")
            }
            Self::OwnSeller => (403, "vendor/own-seller", "This is about a seller of your own"),
            Self::Incomplete(_) => (422, "vendor/incomplete", "Documents are missing"),
            Self::Mismatch(_) => {
                (422, "vendor/document-mismatch", "A document is not what was announced")
            }
            Self::Stale(stale) => stale.explain(),
            Self::Objects(_) | Self::Provider(_) => problem::UNAVAILABLE,
            Self::NoPrefixLeft | Self::Sealed(_) => problem::INTERNAL,
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let (Self::Flawed(flaws) | Self::Incomplete(flaws) | Self::Mismatch(flaws)) = self else {
            return Vec::new();
        };
        flaws.iter().map(|flaw| FieldError::at(&flaw.pointer, flaw.why)).collect()
    }
}

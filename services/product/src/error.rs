//! Every way this service says no, and as which problem.

use chassis::etag::Stale;
use chassis::problem::{self, Explained};
use chassis::{Explain, FieldError};
use kernel::Sku;

use crate::domain::product::Flaw;
use crate::domain::status::NotProposable;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Values that cannot be.
    #[error("see errors for the fields and what is wrong with them")]
    Flawed(Vec<Flaw>),
    /// A SKU names something else already.
    #[error("every SKU is unique in the mall; see errors for those that are taken")]
    SkuTaken(Vec<Flaw>),
    /// The product's state does not allow to propose it.
    #[error(transparent)]
    NotProposable(#[from] NotProposable),
    /// The seller may not sell (yet).
    #[error("products can be proposed once the seller is approved")]
    SellerNotApproved,
    /// Somebody else changed it meanwhile.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// More was to be taken than there is.
    #[error("fewer of {0} are available than are to be taken away")]
    StockNegative(Sku),
    /// A parcel holds more than was sold for it.
    #[error("the parcel holds more of {0} than is committed for its checkout")]
    ShipmentUnmatched(Sku),
    /// A credit takes more back than there is to take back.
    #[error("the credit takes more of {0} back than is sold or out")]
    CreditUnmatched(Sku),
    /// A credit does with pieces what this version does not know.
    #[error("what becomes of {0} is not known here")]
    FateUnknown(Sku),
    /// Something has to be heard first.
    #[error("{0} has not been heard yet")]
    NotYet(&'static str),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::Flawed(_) => problem::INVALID,
            Self::SkuTaken(_) => (409, "product/sku-taken", "The SKU is taken"),
            Self::NotProposable(_) => {
                (409, "product/not-proposable", "The product cannot be proposed now")
            }
            Self::SellerNotApproved => {
                (409, "product/seller-not-approved", "The seller is not approved")
            }
            Self::Stale(stale) => stale.explain(),
            Self::StockNegative(_) => (409, "product/stock-negative", "There is not so much stock"),
            Self::ShipmentUnmatched(_) => {
                (409, "product/shipment-unmatched", "The parcel holds more than was sold")
            }
            Self::CreditUnmatched(_) => {
                (409, "product/credit-unmatched", "The credit takes more back than was sold")
            }
            Self::FateUnknown(_) => {
                (422, "product/fate-unknown", "What becomes of the pieces is not known")
            }
            Self::NotYet(_) => (503, "product/not-yet", "Something is still on its way"),
            Self::Db(error) => error.explain(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Flawed(flaws) | Self::SkuTaken(flaws) => {
                flaws.iter().map(|flaw| FieldError::at(&flaw.pointer, flaw.why)).collect()
            }
            Self::NotFound
            | Self::NotProposable(_)
            | Self::SellerNotApproved
            | Self::Stale(_)
            | Self::StockNegative(_)
            | Self::ShipmentUnmatched(_)
            | Self::CreditUnmatched(_)
            | Self::FateUnknown(_)
            | Self::NotYet(_)
            | Self::Db(_) => Vec::new(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

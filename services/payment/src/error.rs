//! Every way the payment service says no, and as which problem.

use chassis::Explain;
use chassis::problem::{self, Explained};
use chassis::seal::SealError;
use kernel::MoneyError;

use crate::domain::Refused;
use crate::provider::ProviderError;

/// Every way the payment service says no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Something has to be heard first; trying again helps.
    #[error("{0} has not been heard yet")]
    NotYet(&'static str),
    /// A webhook that the provider did not sign.
    #[error("the signature does not belong to these bytes")]
    Forged,
    /// A webhook that the provider signed too long ago.
    #[error("the event is older than the provider would repeat it")]
    Stale,
    /// A webhook that is too large.
    #[error("the body is too large")]
    TooLarge,
    /// A webhook that broke off.
    #[error("the body could not be read to its end")]
    BrokenOff,
    /// A rule of the domain said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Amounts beyond counting.
    #[error("the amounts do not add up")]
    Money(#[from] MoneyError),
    /// The provider did not do what was asked.
    #[error("the provider could not be used")]
    Provider(#[from] ProviderError),
    /// A document could not be printed.
    #[error("the document could not be printed")]
    Print(#[source] paper::RenderError),
    /// An account cannot be sealed or opened.
    #[error("the account cannot be sealed or opened")]
    Seal(#[source] SealError),
    /// The database failed.
    #[error("the payment could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::NotYet(_) => (503, "payment/not-yet", "Something is still on its way"),
            Self::Forged => (401, "payment/webhook-forged", "The webhook is not believed"),
            Self::Stale => (401, "payment/webhook-stale", "The webhook is too old"),
            Self::TooLarge => (413, "payload-too-large", "The body is too large"),
            Self::BrokenOff => (400, "malformed-body", "The body broke off"),
            Self::Refused(refused) => explain_refused(refused),
            Self::Money(_) => explain_refused(&Refused::Unpayable("the amounts do not add up")),
            Self::Provider(error) => explain_provider(error),
            Self::Print(_) | Self::Seal(_) => problem::INTERNAL,
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

fn explain_refused(refused: &Refused) -> Explained {
    match refused {
        Refused::Unpayable(_) => (422, "payment/unpayable", "This cannot be paid as it is"),
        Refused::NotRetryable(_) => {
            (409, "payment/not-retryable", "This payment cannot be tried again")
        }
        Refused::NotCod => (409, "payment/not-cod", "No cash is due for this order"),
        Refused::NotDelivered => (409, "payment/not-delivered", "The parcel was not delivered yet"),
        Refused::NotCreditable(_) => (422, "payment/not-creditable", "This cannot be taken back"),
        Refused::NotByHand => (409, "payment/not-by-hand", "This refund is not given back by hand"),
        Refused::NotCash => (409, "payment/not-cash", "This was not paid in cash"),
        Refused::RefundUnderway => (409, "payment/refund-underway", "The refund is being paid"),
        Refused::NoRefundAccount => {
            (409, "payment/no-refund-account", "The buyer has not said where it goes")
        }
        Refused::NotAcceptable(_) => (409, "payment/not-acceptable", "This cannot pay the order"),
        Refused::ReviewDecided => (409, "payment/review-decided", "What becomes of it is decided"),
        Refused::OwnApproval => (403, "payment/own-approval", "Somebody else has to approve it"),
        Refused::OwnPurchase => (403, "payment/own-purchase", "This is a purchase of your own"),
        Refused::OwnSeller => (403, "payment/own-seller", "This is about a seller of your own"),
        Refused::NothingToApprove => {
            (409, "payment/nothing-to-approve", "Nothing waits for approval")
        }
        Refused::PayoutNotCovered => {
            (409, "payment/payout-not-covered", "The seller is not owed so much any more")
        }
        Refused::BankReferenceTaken => {
            (409, "payment/bank-reference-taken", "Another refund was paid out under this number")
        }
        Refused::AnotherReport => (409, "payment/another-report", "Another report waits"),
        Refused::NotBearable(_) => (409, "payment/not-bearable", "This dispute cannot be borne so"),
        Refused::GoodwillTooMuch => {
            (422, "payment/goodwill-too-much", "This is more than is left of what was paid")
        }
        Refused::NotDismissable(_) => (409, "payment/not-dismissable", "This cannot be dismissed"),
        Refused::NotExplainable(_) => {
            (409, "payment/not-explainable", "There is nothing to explain here")
        }
        Refused::NotWritableOff(_) => {
            (409, "payment/not-writable-off", "This cannot be written off")
        }
        Refused::NotReconcilable => {
            (422, "payment/not-reconcilable", "There is nothing of this day to go through")
        }
        Refused::NotRemittable(_) => (409, "payment/not-remittable", "This cash cannot be settled"),
        Refused::ReasonRequired(_) => (422, "payment/reason-required", "Say why"),
        Refused::NotDepositable(_) => {
            (409, "payment/not-depositable", "This cannot be booked as a deposit")
        }
    }
}

fn explain_provider(error: &ProviderError) -> Explained {
    match error {
        ProviderError::Away(_) | ProviderError::Status(_) | ProviderError::NoBalance => {
            (503, "payment/provider-away", "The payment provider is away")
        }
        ProviderError::Unreadable(_) => {
            (502, "payment/provider-unreadable", "The payment provider makes no sense")
        }
        ProviderError::Refused { .. } => {
            (409, "payment/provider-refused", "The payment provider refused")
        }
    }
}

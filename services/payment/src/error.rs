//! Every way the payment service says no, and as which problem.

use axum::http::StatusCode;
use chassis::Explain;
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
    /// The database failed.
    #[error("the payment could not be kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::NotYet(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "payment/not-yet",
                "Something is still on its way",
            ),
            Self::Forged => {
                (StatusCode::UNAUTHORIZED, "payment/webhook-forged", "The webhook is not believed")
            }
            Self::Stale => {
                (StatusCode::UNAUTHORIZED, "payment/webhook-stale", "The webhook is too old")
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "payload-too-large", "The body is too large")
            }
            Self::BrokenOff => (StatusCode::BAD_REQUEST, "malformed-body", "The body broke off"),
            Self::Refused(refused) => explain_refused(refused),
            Self::Money(_) => explain_refused(&Refused::Unpayable("the amounts do not add up")),
            Self::Provider(error) => explain_provider(error),
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

fn explain_refused(refused: &Refused) -> (StatusCode, &'static str, &'static str) {
    match refused {
        Refused::Unpayable(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "payment/unpayable", "This cannot be paid as it is")
        }
        Refused::NotRetryable(_) => {
            (StatusCode::CONFLICT, "payment/not-retryable", "This payment cannot be tried again")
        }
        Refused::NotCod => {
            (StatusCode::CONFLICT, "payment/not-cod", "No cash is due for this order")
        }
        Refused::NotDelivered => {
            (StatusCode::CONFLICT, "payment/not-delivered", "The parcel was not delivered yet")
        }
        Refused::NotCreditable(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "payment/not-creditable",
            "This cannot be taken back",
        ),
        Refused::NotByHand => {
            (StatusCode::CONFLICT, "payment/not-by-hand", "This refund is not given back by hand")
        }
        Refused::NotAcceptable(_) => {
            (StatusCode::CONFLICT, "payment/not-acceptable", "This cannot pay the order")
        }
        Refused::ReviewDecided => {
            (StatusCode::CONFLICT, "payment/review-decided", "What becomes of it is decided")
        }
        Refused::OwnApproval => {
            (StatusCode::FORBIDDEN, "payment/own-approval", "Somebody else has to approve it")
        }
        Refused::NothingToApprove => {
            (StatusCode::CONFLICT, "payment/nothing-to-approve", "Nothing waits for approval")
        }
        Refused::BankReferenceTaken => (
            StatusCode::CONFLICT,
            "payment/bank-reference-taken",
            "Another refund was paid out under this number",
        ),
        Refused::NotBearable(_) => {
            (StatusCode::CONFLICT, "payment/not-bearable", "This dispute cannot be borne so")
        }
        Refused::GoodwillTooMuch => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "payment/goodwill-too-much",
            "This is more than is left of what was paid",
        ),
        Refused::NotRemittable => {
            (StatusCode::CONFLICT, "payment/not-remittable", "This cash cannot be settled")
        }
    }
}

fn explain_provider(error: &ProviderError) -> (StatusCode, &'static str, &'static str) {
    match error {
        ProviderError::Away(_) | ProviderError::Status(_) | ProviderError::NoBalance => (
            StatusCode::SERVICE_UNAVAILABLE,
            "payment/provider-away",
            "The payment provider is away",
        ),
        ProviderError::Unreadable(_) => (
            StatusCode::BAD_GATEWAY,
            "payment/provider-unreadable",
            "The payment provider makes no sense",
        ),
        ProviderError::Refused { .. } => {
            (StatusCode::CONFLICT, "payment/provider-refused", "The payment provider refused")
        }
    }
}

//! Every way order-service says no, and as which problem.

use axum::http::StatusCode;
use chassis::Explain;

use crate::domain::credit::CreditRefused;
use crate::domain::placing::CheckoutRefused;
use crate::domain::seller_order::TransitionRefused;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// Something has to be heard first; trying again helps.
    #[error("{0} has not been heard yet")]
    NotYet(&'static str),
    /// The order can no longer be cancelled.
    #[error("it was rejected, or all of it was shipped or taken back already")]
    NotCancellable,
    /// What was sold cannot be taken back like that.
    #[error(transparent)]
    CreditRefused(#[from] CreditRefused),
    /// The seller order cannot move there.
    #[error(transparent)]
    TransitionRefused(#[from] TransitionRefused),
    /// The checkout makes no order.
    #[error("the checkout makes no order")]
    BadCheckout(#[from] CheckoutRefused),
    /// The database failed.
    #[error("the order could not be read or kept")]
    Db(#[from] sqlx::Error),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::NotYet(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "order/not-yet", "Something is still on its way")
            }
            Self::NotCancellable => {
                (StatusCode::CONFLICT, "order/not-cancellable", "The order cannot be cancelled")
            }
            Self::CreditRefused(CreditRefused::NotLeft { .. }) => {
                (StatusCode::CONFLICT, "order/not-left", "Fewer pieces are left")
            }
            Self::CreditRefused(CreditRefused::Indivisible) => {
                (StatusCode::CONFLICT, "order/indivisible", "Only all of it can be taken back")
            }
            Self::CreditRefused(CreditRefused::Money(_)) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
            }
            Self::TransitionRefused(_) => (
                StatusCode::CONFLICT,
                "order/transition-refused",
                "The seller order cannot do that now",
            ),
            Self::BadCheckout(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "order/bad-checkout",
                "The checkout makes no order",
            ),
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

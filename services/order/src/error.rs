//! Every way order-service says no, and as which problem.

use axum::http::StatusCode;
use chassis::Explain;
use jiff::Timestamp;

use crate::domain::credit::CreditRefused;
use crate::domain::parcels::ParcelRefused;
use crate::domain::placing::CheckoutRefused;
use crate::domain::returns::{ReturnRefused, WindowRefused};
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
    /// The parcel may still arrive.
    #[error(
        "it may still arrive; from {from} on it can be reported lost, and staff can say so before"
    )]
    NotLostYet {
        /// When its seller may say so.
        from: Timestamp,
    },
    /// What was sold cannot be taken back like that.
    #[error(transparent)]
    CreditRefused(#[from] CreditRefused),
    /// A parcel cannot be changed any more.
    #[error("no carrier has the parcel any more")]
    NotOnItsWay,
    /// What is paid at the door goes out in one parcel.
    #[error("what is paid in cash goes out in one parcel")]
    OneParcel,
    /// The seller order cannot move there.
    #[error(transparent)]
    TransitionRefused(#[from] TransitionRefused),
    /// It cannot be sent back, or its return cannot move there.
    #[error(transparent)]
    ReturnRefused(#[from] ReturnRefused),
    /// The checkout makes no order.
    #[error("the checkout makes no order")]
    BadCheckout(#[from] CheckoutRefused),
    /// The database failed.
    #[error("the order could not be read or kept")]
    Db(#[from] sqlx::Error),
}

impl From<WindowRefused> for Error {
    fn from(refused: WindowRefused) -> Self {
        match refused {
            WindowRefused::NotDelivered(refused) => refused.into(),
            WindowRefused::TooLate(refused) => refused.into(),
        }
    }
}

impl From<ParcelRefused> for Error {
    fn from(refused: ParcelRefused) -> Self {
        match refused {
            ParcelRefused::Unknown => Self::NotFound,
            ParcelRefused::Transition(refused) => Self::TransitionRefused(refused),
            ParcelRefused::Credit(refused) => Self::CreditRefused(refused),
        }
    }
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
            Self::NotLostYet { .. } => {
                (StatusCode::CONFLICT, "order/not-lost-yet", "The parcel may still arrive")
            }
            Self::NotOnItsWay => {
                (StatusCode::CONFLICT, "order/not-on-its-way", "The parcel is not on its way")
            }
            Self::OneParcel => {
                (StatusCode::CONFLICT, "order/one-parcel", "All of it goes out together")
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
            Self::ReturnRefused(ReturnRefused::WindowOver) => (
                StatusCode::CONFLICT,
                "order/return-window-over",
                "The time to send it back is over",
            ),
            Self::ReturnRefused(ReturnRefused::NoArrow { .. }) => (
                StatusCode::CONFLICT,
                "order/return-transition-refused",
                "The return cannot do that now",
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

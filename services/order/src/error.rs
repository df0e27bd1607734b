//! Every way order-service says no, and as which problem.

use chassis::Explain;
use chassis::problem::{self, Explained};
use jiff::Timestamp;

use crate::domain::credit::CreditRefused;
use crate::domain::next_step;
use crate::domain::parcels::ParcelRefused;
use crate::domain::placing::CheckoutRefused;
use crate::domain::reduction::ReductionRefused;
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
    #[error("{refused}{}", next_step::of_part(*.0), refused = .0)]
    TransitionRefused(TransitionRefused),
    /// The seller order cannot move there, but some of its parcels can.
    #[error("{0} as a whole: name the `parcel_id` of the parcel that is meant")]
    NotAsAWhole(TransitionRefused),
    /// It cannot be sent back, or its return cannot move there.
    #[error("{refused}{}", next_step::of_return(*.0), refused = .0)]
    ReturnRefused(ReturnRefused),
    /// The price is not reduced.
    #[error(transparent)]
    ReductionRefused(#[from] ReductionRefused),
    /// Staff would decide about their own purchase.
    #[error("you bought this yourself, so another member of staff has to decide about it")]
    OwnOrder,
    /// Staff would decide about what a seller of their own sold.
    #[error("you act for its seller, so another member of staff has to decide about it")]
    OwnSeller,
    /// The checkout makes no order.
    #[error("the checkout makes no order")]
    BadCheckout(#[from] CheckoutRefused),
    /// The database failed.
    #[error("the order could not be read or kept")]
    Db(#[from] sqlx::Error),
}

impl From<TransitionRefused> for Error {
    fn from(refused: TransitionRefused) -> Self {
        Self::TransitionRefused(refused)
    }
}

impl From<ReturnRefused> for Error {
    fn from(refused: ReturnRefused) -> Self {
        Self::ReturnRefused(refused)
    }
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
            ParcelRefused::NotAsAWhole(refused) => Self::NotAsAWhole(refused),
            ParcelRefused::Credit(refused) => Self::CreditRefused(refused),
        }
    }
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => (404, "not-found", "Not found"),
            Self::NotYet(_) => (503, "order/not-yet", "Something is still on its way"),
            Self::NotCancellable => (409, "order/not-cancellable", "The order cannot be cancelled"),
            Self::NotLostYet { .. } => (409, "order/not-lost-yet", "The parcel may still arrive"),
            Self::OwnOrder => (403, "order/own-order", "Somebody else has to decide about it"),
            Self::OwnSeller => (403, "order/own-seller", "This is about a seller of your own"),
            Self::NotOnItsWay => (409, "order/not-on-its-way", "The parcel is not on its way"),
            Self::OneParcel => (409, "order/one-parcel", "All of it goes out together"),
            Self::ReductionRefused(refused) => explain_reduction(*refused),
            Self::CreditRefused(refused) => explain_credit(*refused),
            Self::TransitionRefused(_) | Self::NotAsAWhole(_) => {
                (409, "order/transition-refused", "The seller order cannot do that now")
            }
            Self::ReturnRefused(ReturnRefused::WindowOver) => {
                (409, "order/return-window-over", "The time to send it back is over")
            }
            Self::ReturnRefused(ReturnRefused::NoArrow { .. }) => {
                (409, "order/return-transition-refused", "The return cannot do that now")
            }
            Self::BadCheckout(_) => (422, "order/bad-checkout", "The checkout makes no order"),
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}

const fn explain_credit(refused: CreditRefused) -> Explained {
    match refused {
        CreditRefused::NoLine { .. } => (422, "order/no-such-line", "There is no such line"),
        CreditRefused::NotLeft { .. } => (409, "order/not-left", "Fewer pieces are left"),
        CreditRefused::Indivisible => {
            (409, "order/indivisible", "Only all of it can be taken back")
        }
        CreditRefused::Money(_) => problem::INTERNAL,
    }
}

const fn explain_reduction(refused: ReductionRefused) -> Explained {
    match refused {
        ReductionRefused::NotKept => {
            (409, "order/not-kept", "The buyer does not have it, or not any more")
        }
        ReductionRefused::OutOfRange { .. } | ReductionRefused::OtherCurrency(_) => {
            (422, "order/reduction-out-of-range", "The price cannot be reduced by that")
        }
        ReductionRefused::OwnApproval => {
            (403, "order/own-approval", "Somebody else has to agree to it")
        }
        ReductionRefused::Decided => {
            (409, "order/nothing-to-approve", "Nothing waits for approval")
        }
        ReductionRefused::Credit(refused) => explain_credit(refused),
    }
}

//! Why a wish is not granted.

/// Why a wish is not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What is asked for cannot be paid as it is described.
    #[error("this cannot be paid as it is: {0}")]
    Unpayable(&'static str),
    /// No other try makes sense.
    #[error("{0}")]
    NotRetryable(&'static str),
    /// No cash is due.
    #[error("this order is not paid at the door")]
    NotCod,
    /// Cash cannot be taken for a parcel that has not arrived.
    #[error("the parcel was not delivered yet")]
    NotDelivered,
    /// What is said to be taken back cannot be.
    #[error("this cannot be taken back: {0}")]
    NotCreditable(&'static str),
    /// No person has to give this refund back.
    #[error("nobody has to give this refund back by hand")]
    NotByHand,
}

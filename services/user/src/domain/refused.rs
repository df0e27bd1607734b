//! The ways in which the rules refuse a wish.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody could manage users any more.
    #[error("nobody else may manage users; give somebody else that permission first")]
    LastAdmin,
    /// As somebody new, staff could agree to what they proposed themselves.
    #[error(
        "staff cannot erase their account; first others take the role away, and the operator the address from the \
         list of staff"
    )]
    IsStaff,
    /// Rights that the giver does not hold, or the giver's own.
    #[error("you can neither raise your own rights nor give rights that you do not hold")]
    TooHigh,
    /// So many addresses are nobody's.
    #[error("an address book has at most 50 entries")]
    BookFull,
    /// The account has an app already.
    #[error("this account has a second factor; take it away before you register another")]
    HasSecondFactor,
    /// A value that is well formed but cannot be.
    #[error("{why}")]
    Field {
        /// JSON pointer into the request.
        pointer: &'static str,
        why: &'static str,
    },
}

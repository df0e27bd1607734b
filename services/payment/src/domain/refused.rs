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
    #[error("no delivery of it is known here; if it was delivered just now, try again in a moment")]
    NotDelivered,
    /// What is said to be taken back cannot be.
    #[error("this cannot be taken back: {0}")]
    NotCreditable(&'static str),
    /// No person has to give this refund back.
    #[error("nobody has to give this refund back by hand")]
    NotByHand,
    /// What came cannot pay the order.
    #[error("this cannot be accepted: {0}")]
    NotAcceptable(&'static str),
    /// What was not paid in cash goes back where it came from.
    #[error("it was not paid in cash: what goes back of it goes where it came from")]
    NotCash,
    /// Somebody says that it was paid to the account that was known then.
    #[error("a refund is being paid to the account that is known")]
    RefundUnderway,
    /// What cannot go where it came from needs somewhere to go.
    #[error("the buyer has not said where it goes: say why it was paid all the same")]
    NoRefundAccount,
    /// A person looked at it before, or the end of its order decided.
    #[error("what becomes of it is decided")]
    ReviewDecided,
    /// Somebody else has to agree.
    #[error("nobody approves what they said themselves")]
    OwnApproval,
    /// Whose money it is does not decide.
    #[error("nobody decides about money of their own purchases")]
    OwnPurchase,
    /// Whose money it is does not decide.
    #[error("nobody decides about money of a seller they act for")]
    OwnSeller,
    /// Nobody has to agree to anything.
    #[error("nothing waits for a second member of staff")]
    NothingToApprove,
    /// What a seller is to be paid was taken back meanwhile.
    #[error("so much is not owed to the seller any more: hold it, and the next run pays what is")]
    PayoutNotCovered,
    /// One transfer pays one refund.
    #[error("another refund was paid out under this number")]
    BankReferenceTaken,
    /// What waits for a second member of staff is not replaced.
    #[error("what waits was reported under another number: decline it, or look at it again")]
    AnotherReport,
    /// More than is left of what was paid.
    #[error("no more than what was paid less what goes back can be given")]
    GoodwillTooMuch,
    /// Nobody can bear a dispute this way.
    #[error("this dispute cannot be borne so: {0}")]
    NotBearable(&'static str),
    /// Somebody has to know what this refund was for.
    #[error("this cannot be dismissed: {0}")]
    NotDismissable(&'static str),
    /// Nothing is to be explained here.
    #[error("this cannot be explained: {0}")]
    NotExplainable(&'static str),
    /// What a seller owes is not lost.
    #[error("this cannot be written off: {0}")]
    NotWritableOff(&'static str),
    /// There is nothing of this day to go through.
    #[error("the day is not over, or nothing had been taken by then")]
    NotReconcilable,
    /// This cash cannot have arrived so.
    #[error("this cannot be booked: {0}")]
    NotRemittable(&'static str),
    /// What is lost or given away is so for a reason.
    #[error("this needs a reason: {0}")]
    ReasonRequired(&'static str),
    /// This tax cannot have been paid so.
    #[error("this cannot be booked as a deposit: {0}")]
    NotDepositable(&'static str),
}

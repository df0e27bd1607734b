//! Every way the provider says no to a request it understood.

/// The reasons for a refusal; the text is what the caller reads as the error's description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No order, payment or refund has this id.
    #[error("The id provided does not exist")]
    UnknownId,
    /// One field of the request breaks a rule.
    #[error("{why}")]
    Input {
        /// The name of the field.
        field: &'static str,
        /// The rule it breaks.
        why: &'static str,
    },
    /// The receipt is unique, and names an order over something else.
    #[error("The receipt is already used by an order with another amount or currency")]
    ReceiptTaken,
    /// Nothing is due on the order any more.
    #[error("Payment already done for this order.")]
    OrderPaid,
    /// A payment must be over exactly what is due.
    #[error(
        "Your payment amount is different from your order amount. To pay successfully, please try using right amount."
    )]
    AmountDiffers,
    /// A payment must be in its order's currency.
    #[error("Payment currency is different from the order currency")]
    CurrencyDiffers,
    /// The bank already said yes to this payment.
    #[error("This payment is already authorized or captured")]
    AlreadyAuthorized,
    /// A payment that failed does not fail again.
    #[error("This payment has already failed")]
    AlreadyFailed,
    /// Only captured money can go back.
    #[error("The payment status should be captured for action to be taken")]
    NotCaptured,
    /// Nothing is left to refund.
    #[error("The payment has been fully refunded already")]
    FullyRefunded,
    /// A refund never exceeds the payment.
    #[error("The refund amount provided is greater than amount captured.")]
    RefundExceedsCapture,
    /// A refund never exceeds what is left of the payment.
    #[error("The total refund amount is greater than the refund payment amount")]
    RefundTooLarge,
    /// One idempotency key belongs to one request.
    #[error("Different request with the same idempotency key has already been processed.")]
    KeyReused,
    /// The first request under this key has not been answered yet.
    #[error("Another request with the same idempotency key is still in progress.")]
    KeyInProgress,
    /// One receipt belongs to one refund of a payment.
    #[error("Duplicate receipt found for this refund request.")]
    RefundReceiptTaken,
    /// Refunds are paid out of the merchant's balance.
    #[error("Your account does not have enough balance to carry out the refund operation.")]
    NoBalance,
    /// The buyer's bank takes no refund of this payment.
    #[error("Refund is not supported by the bank because the payment is more than 6 months old")]
    NeverRefunded,
    /// The merchant closed this fund account.
    #[error("The fund account is not active")]
    AccountClosed,
    /// The seller's bank takes no payout.
    #[error("The beneficiary bank account does not accept this payout")]
    NeverPaidOut,
    /// A payout that failed or came back stays so, and only a processed one comes back.
    #[error("Payout has already been settled.")]
    PayoutSettled,
    /// A refund that was processed or failed stays so.
    #[error("Refund has already been processed.")]
    RefundSettled,
    /// A dispute that was decided stays so.
    #[error("The dispute has already been closed.")]
    DisputeDecided,
}

impl Refused {
    /// A refusal because of `field`.
    pub fn input(field: &'static str, why: &'static str) -> Self {
        Self::Input { field, why }
    }

    /// The request field to blame, where there is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Input { field, .. } => Some(field),
            Self::ReceiptTaken | Self::RefundReceiptTaken => Some("receipt"),
            Self::AmountDiffers | Self::RefundExceedsCapture | Self::RefundTooLarge => {
                Some("amount")
            }
            Self::CurrencyDiffers => Some("currency"),
            Self::UnknownId
            | Self::OrderPaid
            | Self::AlreadyAuthorized
            | Self::AlreadyFailed
            | Self::NotCaptured
            | Self::FullyRefunded
            | Self::KeyReused
            | Self::KeyInProgress
            | Self::NoBalance
            | Self::NeverRefunded
            | Self::RefundSettled
            | Self::DisputeDecided
            | Self::AccountClosed
            | Self::NeverPaidOut
            | Self::PayoutSettled => None,
        }
    }
}

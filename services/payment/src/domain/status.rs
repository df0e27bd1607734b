//! How far a payment and its attempts have come.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;

/// How the buyer pays. `upi`: at once, by a link. `cod`: in cash at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentMethod)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Method {
    /// By a UPI app, before anything is sent.
    Upi,
    /// In cash, at the door.
    Cod,
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum PaymentProgress {
    /// Asked for; the provider does not know it yet.
    Created,
    /// The buyer can pay.
    Pending,
    /// The last attempt failed. Not final: the buyer may try again, and the bank may still say yes.
    Failed,
    /// It shall end; the provider is asked for the last time whether money came.
    Closing,
    /// The money is here and is shared.
    Captured,
    /// Money came that is not what was asked for; a person has to look.
    PaymentReview,
    /// Money came for a payment that was given up; it has to go back.
    CapturedLate,
    /// Given up before any money came.
    Cancelled,
    /// Cash will be taken at the door.
    CodAccepted,
    /// Cash is not taken for this order.
    CodRefused,
    /// All the cash was taken.
    CodCollected,
    /// Given up, or all of it taken back, before any cash was taken.
    CodVoid,
}

impl PaymentProgress {
    /// Whether the buyer may still pay by UPI.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Created | Self::Pending | Self::Failed => true,
            Self::Closing
            | Self::Captured
            | Self::PaymentReview
            | Self::CapturedLate
            | Self::Cancelled
            | Self::CodAccepted
            | Self::CodRefused
            | Self::CodCollected
            | Self::CodVoid => false,
        }
    }

    /// Where a wish to give the payment up leads; `None` when it changes nothing.
    #[must_use]
    pub const fn cancel(self) -> Option<Self> {
        match self {
            // The right money may have come after the wrong one.
            Self::Created | Self::Pending | Self::Failed | Self::PaymentReview => {
                Some(Self::Closing)
            }
            Self::CodAccepted => Some(Self::CodVoid),
            Self::Closing
            | Self::Captured
            | Self::CapturedLate
            | Self::Cancelled
            | Self::CodRefused
            | Self::CodCollected
            | Self::CodVoid => None,
        }
    }

    /// Where the last look leads that did not find the right money; `None` when the payment went another way meanwhile.
    /// Wrong money that is here has to go back like money that came too late.
    #[must_use]
    pub const fn close(self, wrong_money: bool) -> Option<Self> {
        match self {
            Self::Closing if !wrong_money => Some(Self::Cancelled),
            Self::Closing | Self::PaymentReview => Some(Self::CapturedLate),
            Self::Created
            | Self::Pending
            | Self::Failed
            | Self::Captured
            | Self::CapturedLate
            | Self::Cancelled
            | Self::CodAccepted
            | Self::CodRefused
            | Self::CodCollected
            | Self::CodVoid => None,
        }
    }

    /// What the order service is told of this state, and told again when it asks again. `None` while the answer is
    /// still being found, and for what only concerns the buyer and staff.
    pub const fn answer(self) -> Option<Answer> {
        match self {
            Self::Created | Self::Failed | Self::Closing | Self::PaymentReview => None,
            Self::Pending => Some(Answer::Created),
            Self::Captured => Some(Answer::Captured),
            Self::Cancelled | Self::CapturedLate | Self::CodVoid => Some(Answer::Cancelled),
            Self::CodAccepted | Self::CodCollected => Some(Answer::CodAccepted),
            Self::CodRefused => Some(Answer::CodRefused),
        }
    }
}

/// What the order service is told of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The buyer can pay.
    Created,
    /// The money is here.
    Captured,
    /// It was given up.
    Cancelled,
    /// Cash will be taken at the door.
    CodAccepted,
    /// Cash is not taken.
    CodRefused,
}

/// How far one attempt at the provider has come. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum AttemptStatus {
    /// The buyer or the bank has not answered.
    Pending,
    /// The buyer or the bank said no, for now.
    Failed,
    /// The money is here.
    Captured,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_is_here_is_never_cancelled_away() {
        for status in [
            PaymentProgress::Captured,
            PaymentProgress::CodCollected,
            PaymentProgress::CapturedLate,
        ] {
            assert_eq!(status.cancel(), None);
        }
        assert_eq!(PaymentProgress::Closing.close(true), Some(PaymentProgress::CapturedLate));
    }

    #[test]
    fn a_payment_that_closes_has_no_answer_before_the_last_look() {
        for status in PaymentProgress::VARIANTS.iter().filter(|status| status.is_open()) {
            let closing = status.cancel().unwrap();
            assert_eq!(closing.answer(), None);
            let end = closing.close(false).and_then(PaymentProgress::answer);
            assert_eq!(end, Some(Answer::Cancelled));
        }
    }

    #[test]
    fn every_end_has_an_answer() {
        for status in PaymentProgress::VARIANTS {
            let is_end = status.cancel().is_none() && status.close(false).is_none();
            assert!(!is_end || status.answer().is_some(), "{status:?}");
        }
    }

    #[test]
    fn a_second_wish_to_cancel_changes_nothing() {
        for status in PaymentProgress::VARIANTS {
            assert_eq!(status.cancel().and_then(PaymentProgress::cancel), None);
        }
    }
}

//! How far a payment and its attempts have come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a UPI app, before anything is sent.
    Upi,
    /// In cash, at the door.
    Cod,
}

impl Method {
    /// Every method there is.
    pub const ALL: [Self; 2] = [Self::Upi, Self::Cod];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upi => "upi",
            Self::Cod => "cod",
        }
    }
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Asked for; the provider does not know it yet.
    Created,
    /// The buyer can pay.
    Pending,
    /// The last attempt failed. Not final: the buyer may try again, and the bank may still say yes.
    Failed,
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
    /// Given up before any cash was taken.
    CodVoid,
}

impl Status {
    /// Every status there is.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Pending,
        Self::Failed,
        Self::Captured,
        Self::PaymentReview,
        Self::CapturedLate,
        Self::Cancelled,
        Self::CodAccepted,
        Self::CodRefused,
        Self::CodCollected,
        Self::CodVoid,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Captured => "captured",
            Self::PaymentReview => "payment_review",
            Self::CapturedLate => "captured_late",
            Self::Cancelled => "cancelled",
            Self::CodAccepted => "cod_accepted",
            Self::CodRefused => "cod_refused",
            Self::CodCollected => "cod_collected",
            Self::CodVoid => "cod_void",
        }
    }

    /// Whether the buyer may still pay by UPI.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Created | Self::Pending | Self::Failed => true,
            Self::Captured
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
    pub const fn cancel(self) -> Option<Self> {
        match self {
            Self::Created | Self::Pending | Self::Failed => Some(Self::Cancelled),
            // The wrong money is still here: it has to go back like money that came too late.
            Self::PaymentReview => Some(Self::CapturedLate),
            Self::CodAccepted => Some(Self::CodVoid),
            Self::Captured
            | Self::CapturedLate
            | Self::Cancelled
            | Self::CodRefused
            | Self::CodCollected
            | Self::CodVoid => None,
        }
    }
}

/// How far one attempt at the provider has come. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    /// The buyer or the bank has not answered.
    Pending,
    /// The buyer or the bank said no, for now.
    Failed,
    /// The money is here.
    Captured,
}

impl AttemptStatus {
    /// Every status there is.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Failed, Self::Captured];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Captured => "captured",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_and_the_database_read_the_same_words() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        for status in AttemptStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        for method in Method::ALL {
            assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
        }
    }

    #[test]
    fn money_that_is_here_is_never_cancelled_away() {
        for status in [Status::Captured, Status::CodCollected, Status::CapturedLate] {
            assert_eq!(status.cancel(), None);
        }
        assert_eq!(Status::PaymentReview.cancel(), Some(Status::CapturedLate));
    }

    #[test]
    fn a_second_wish_to_cancel_changes_nothing() {
        for status in Status::ALL {
            assert_eq!(status.cancel().and_then(Status::cancel), None);
        }
    }
}

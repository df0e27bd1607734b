//! How a payment moves on when something is seen at the provider: in any order, any number of times, only forward.

use kernel::Money;
use strum::IntoStaticStr;

use super::refund::RefundSighting;
use super::status::{AttemptStatus, PaymentProgress};

/// Something seen at the provider: an attempt to pay, as a webhook tells or an answer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The provider's name for the attempt.
    pub provider_payment_id: String,
    /// How much is paid.
    pub amount: Money,
    /// How far it has come.
    pub seen: Seen,
    /// What somebody gave back of it on the provider's own pages.
    pub went_back: Vec<RefundSighting>,
}

impl Sighting {
    /// Whether all of it went back before it was seen.
    fn is_gone(&self) -> bool {
        let back: i128 = self.went_back.iter().map(|back| i128::from(back.amount.minor())).sum();
        !self.went_back.is_empty() && back >= i128::from(self.amount.minor())
    }
}

/// How far an attempt has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nobody has answered, or the bank has and the provider has not.
    Waiting,
    /// The buyer or the bank said no, for this reason.
    Failed(String),
    /// The money is here.
    Captured,
}

/// What is known of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The provider's name for it.
    pub provider_payment_id: String,
    /// How far it has come.
    pub status: AttemptStatus,
}

/// What is new about the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    Nothing,
    /// No attempt is left that may succeed soon.
    Failed,
    /// It is paid.
    Paid,
    /// Money came that is not what was asked for.
    Mismatch,
    /// Money came for what was paid already.
    Surplus,
    /// Money came for what was given up.
    Late,
    /// Money came, and somebody gave all of it back before it was seen.
    Returned,
}

/// Where the money of a capture goes in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Booking {
    /// It is shared.
    Order,
    /// It is nobody's yet.
    Suspense,
}

impl News {
    /// Where the money goes, if money came.
    pub const fn booking(self) -> Option<Booking> {
        match self {
            Self::Nothing | Self::Failed => None,
            Self::Paid => Some(Booking::Order),
            Self::Mismatch | Self::Surplus | Self::Late | Self::Returned => Some(Booking::Suspense),
        }
    }
}

/// What follows from a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The attempt's new status; `None` when it has not moved.
    pub attempt: Option<AttemptStatus>,
    /// The payment's status from here on.
    pub status: PaymentProgress,
    /// What is new about it.
    pub news: News,
}

/// Judges a sighting of a payment over `amount` that stands at `status` with the `known` attempts.
pub fn judge(
    amount: Money,
    status: PaymentProgress,
    known: &[Known],
    sighting: &Sighting,
) -> Verdict {
    let id = &sighting.provider_payment_id;
    let before = known.iter().find(|k| k.provider_payment_id == *id).map(|k| k.status);
    let unmoved = Verdict { attempt: None, status, news: News::Nothing };
    match sighting.seen {
        Seen::Waiting if before.is_none() => {
            Verdict { attempt: Some(AttemptStatus::Pending), ..unmoved }
        }
        Seen::Failed(_) if before < Some(AttemptStatus::Failed) => {
            let others = known.iter().filter(|k| k.provider_payment_id != *id);
            let open = others.into_iter().any(|k| k.status == AttemptStatus::Pending);
            let (status, news) = if open { (status, News::Nothing) } else { fail(status) };
            Verdict { attempt: Some(AttemptStatus::Failed), status, news }
        }
        Seen::Captured if before < Some(AttemptStatus::Captured) => {
            let (status, news) = if sighting.is_gone() {
                (status, News::Returned)
            } else {
                capture(status, sighting.amount == amount && sighting.went_back.is_empty())
            };
            Verdict { attempt: Some(AttemptStatus::Captured), status, news }
        }
        Seen::Waiting | Seen::Failed(_) | Seen::Captured => unmoved,
    }
}

const fn fail(status: PaymentProgress) -> (PaymentProgress, News) {
    match status {
        PaymentProgress::Created | PaymentProgress::Pending => {
            (PaymentProgress::Failed, News::Failed)
        }
        PaymentProgress::Failed
        | PaymentProgress::Closing
        | PaymentProgress::Captured
        | PaymentProgress::PaymentReview
        | PaymentProgress::CapturedLate
        | PaymentProgress::Cancelled
        | PaymentProgress::CodAccepted
        | PaymentProgress::CodRefused
        | PaymentProgress::CodCollected
        | PaymentProgress::CodVoid => (status, News::Nothing),
    }
}

const fn capture(status: PaymentProgress, is_what_was_asked: bool) -> (PaymentProgress, News) {
    match status {
        PaymentProgress::Created
        | PaymentProgress::Pending
        | PaymentProgress::Failed
        | PaymentProgress::Closing
        | PaymentProgress::PaymentReview => {
            if is_what_was_asked {
                (PaymentProgress::Captured, News::Paid)
            } else {
                (PaymentProgress::PaymentReview, News::Mismatch)
            }
        }
        PaymentProgress::Cancelled | PaymentProgress::CapturedLate => {
            (PaymentProgress::CapturedLate, News::Late)
        }
        PaymentProgress::Captured
        | PaymentProgress::CodAccepted
        | PaymentProgress::CodRefused
        | PaymentProgress::CodCollected
        | PaymentProgress::CodVoid => (status, News::Surplus),
    }
}

#[cfg(test)]
mod tests;

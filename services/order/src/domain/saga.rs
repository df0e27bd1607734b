//! The saga of a checkout: where an order stands, and what each fact and each wish makes of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::Method;

/// Where an order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderStatus)]
pub enum State {
    /// It exists.
    Placed,
    /// Stock was asked to be held.
    Reserving,
    /// Stock is held.
    Reserved,
    /// The buyer may pay.
    AwaitingPayment,
    /// Cash on delivery was asked for.
    AwaitingCodOk,
    /// It shall end; the owner of the money has the last word.
    CancelPending,
    /// Paid, or cash was agreed: it will be supplied.
    Confirmed,
    /// At least one line could not be sold.
    Rejected,
    /// It ended without being supplied.
    Cancelled,
}

/// What came of a fact. A fact cannot be refused, only answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Step {
    /// The order moves on.
    Moved(State),
    /// Nothing new.
    Same,
    /// What it follows from has not been heard yet: hear it again later.
    TooEarly,
    /// The order went another way meanwhile.
    TooLate,
}

/// The order can no longer be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotCancellable;

impl State {
    /// Whether the order has come to its end.
    pub const fn is_terminal(self) -> bool {
        match self {
            Self::Confirmed | Self::Rejected | Self::Cancelled => true,
            Self::Placed
            | Self::Reserving
            | Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending => false,
        }
    }

    /// Stock is asked to be held.
    pub const fn reserve(self) -> Step {
        match self {
            Self::Placed => Step::Moved(Self::Reserving),
            Self::Reserving
            | Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed => Step::Same,
            Self::Rejected | Self::Cancelled => Step::TooLate,
        }
    }

    /// Stock is held.
    pub const fn reserved(self) -> Step {
        match self {
            Self::Placed => Step::TooEarly,
            Self::Reserving => Step::Moved(Self::Reserved),
            Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed => Step::Same,
            Self::Rejected | Self::Cancelled => Step::TooLate,
        }
    }

    /// At least one line cannot be sold.
    pub const fn refused(self) -> Step {
        match self {
            Self::Placed | Self::Reserving => Step::Moved(Self::Rejected),
            Self::Rejected => Step::Same,
            Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed
            | Self::Cancelled => Step::TooLate,
        }
    }

    /// The payment is asked for.
    pub const fn ask_payment(self, method: Method) -> Step {
        match self {
            Self::Placed | Self::Reserving => Step::TooEarly,
            Self::Reserved => Step::Moved(match method {
                Method::Upi => Self::AwaitingPayment,
                Method::Cod => Self::AwaitingCodOk,
            }),
            Self::AwaitingPayment | Self::AwaitingCodOk | Self::CancelPending | Self::Confirmed => {
                Step::Same
            }
            Self::Rejected | Self::Cancelled => Step::TooLate,
        }
    }

    /// The money came, or cash on delivery was granted.
    pub const fn paid(self) -> Step {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => Step::TooEarly,
            Self::AwaitingPayment | Self::AwaitingCodOk | Self::CancelPending => {
                Step::Moved(Self::Confirmed)
            }
            Self::Confirmed => Step::Same,
            Self::Rejected | Self::Cancelled => Step::TooLate,
        }
    }

    /// The payment was given up. Heard without having been asked for, it is taken as the wish and its answer: hear
    /// it twice.
    pub const fn payment_cancelled(self) -> Step {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => Step::TooEarly,
            Self::AwaitingPayment | Self::AwaitingCodOk => Step::Moved(Self::CancelPending),
            Self::CancelPending => Step::Moved(Self::Cancelled),
            Self::Cancelled => Step::Same,
            Self::Confirmed | Self::Rejected => Step::TooLate,
        }
    }

    /// Cash on delivery is not granted.
    pub const fn cod_refused(self) -> Step {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => Step::TooEarly,
            Self::AwaitingCodOk | Self::CancelPending => Step::Moved(Self::Cancelled),
            Self::Cancelled => Step::Same,
            Self::AwaitingPayment | Self::Confirmed | Self::Rejected => Step::TooLate,
        }
    }

    /// Time is up. Once the payment was asked for, time decides nothing alone.
    pub const fn window_over(self) -> Step {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => Step::Moved(Self::Cancelled),
            Self::AwaitingPayment | Self::AwaitingCodOk => Step::Moved(Self::CancelPending),
            Self::CancelPending | Self::Cancelled => Step::Same,
            Self::Confirmed | Self::Rejected => Step::TooLate,
        }
    }

    /// The buyer wishes to cancel.
    pub const fn cancel(self) -> Result<Step, NotCancellable> {
        match self {
            Self::Confirmed | Self::Rejected => Err(NotCancellable),
            Self::Placed
            | Self::Reserving
            | Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Cancelled => Ok(self.window_over()),
        }
    }
}

#[cfg(test)]
mod tests;

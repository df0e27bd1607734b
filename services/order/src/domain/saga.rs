//! The saga of a checkout: where an order stands, and what each fact and each wish makes of it.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::order::Method;

/// Where an order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[schema(as = OrderStatus)]
pub enum OrderState {
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
pub enum OrderStep {
    /// The order moves on.
    Moved(OrderState),
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

impl OrderState {
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
    pub const fn reserve(self) -> OrderStep {
        match self {
            Self::Placed => OrderStep::Moved(Self::Reserving),
            Self::Reserving
            | Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed => OrderStep::Same,
            Self::Rejected | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// Stock is held.
    pub const fn reserved(self) -> OrderStep {
        match self {
            Self::Placed => OrderStep::TooEarly,
            Self::Reserving => OrderStep::Moved(Self::Reserved),
            Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed => OrderStep::Same,
            Self::Rejected | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// At least one line cannot be sold.
    pub const fn refused(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving => OrderStep::Moved(Self::Rejected),
            Self::Rejected => OrderStep::Same,
            Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending
            | Self::Confirmed
            | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// The payment is asked for.
    pub const fn ask_payment(self, method: Method) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving => OrderStep::TooEarly,
            Self::Reserved => OrderStep::Moved(match method {
                Method::Upi => Self::AwaitingPayment,
                Method::Cod => Self::AwaitingCodOk,
            }),
            Self::AwaitingPayment | Self::AwaitingCodOk | Self::CancelPending | Self::Confirmed => {
                OrderStep::Same
            }
            Self::Rejected | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// The money came, or cash on delivery was granted.
    pub const fn paid(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => OrderStep::TooEarly,
            Self::AwaitingPayment | Self::AwaitingCodOk | Self::CancelPending => {
                OrderStep::Moved(Self::Confirmed)
            }
            Self::Confirmed => OrderStep::Same,
            Self::Rejected | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// The payment was given up. Heard without having been asked for, it is taken as the wish and its answer: hear
    /// it twice.
    pub const fn payment_cancelled(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => OrderStep::TooEarly,
            Self::AwaitingPayment | Self::AwaitingCodOk => OrderStep::Moved(Self::CancelPending),
            Self::CancelPending => OrderStep::Moved(Self::Cancelled),
            Self::Cancelled => OrderStep::Same,
            Self::Confirmed | Self::Rejected => OrderStep::TooLate,
        }
    }

    /// Cash on delivery is not granted.
    pub const fn cod_refused(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => OrderStep::TooEarly,
            Self::AwaitingCodOk | Self::CancelPending => OrderStep::Moved(Self::Cancelled),
            Self::Cancelled => OrderStep::Same,
            Self::AwaitingPayment | Self::Confirmed | Self::Rejected => OrderStep::TooLate,
        }
    }

    /// Time is up. Once the payment was asked for, time decides nothing alone.
    pub const fn window_over(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => OrderStep::Moved(Self::Cancelled),
            Self::AwaitingPayment | Self::AwaitingCodOk => OrderStep::Moved(Self::CancelPending),
            Self::CancelPending | Self::Cancelled => OrderStep::Same,
            Self::Confirmed | Self::Rejected => OrderStep::TooLate,
        }
    }

    /// The buyer wishes to cancel.
    pub const fn cancel(self) -> Result<OrderStep, NotCancellable> {
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

//! The saga of a checkout: where an order stands, and what each fact and each wish makes of it.

use jiff::SignedDuration;
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

/// When payment-service is asked again whether an order may end, counted from the first time.
const ASK_AGAIN: [SignedDuration; 3] =
    [SignedDuration::from_mins(1), SignedDuration::from_mins(5), SignedDuration::from_mins(15)];
/// How long the last answer may take. The provider is given ten minutes of the time before.
const LAST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// What to do about an order that shall end and is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// Ask again, and look again after so long.
    Ask(SignedDuration),
    /// Enough was asked: a person has to look.
    GiveUp,
}

impl Unanswered {
    /// How often payment-service is asked again.
    pub const ASKS: i16 = 3;

    /// How long to wait for the first answer.
    pub const FIRST_WAIT: SignedDuration = ASK_AGAIN[0];

    /// When it was time `asks` times before.
    pub fn after(asks: i16) -> Self {
        let done = usize::try_from(asks).unwrap_or(ASK_AGAIN.len());
        let Some(last) = ASK_AGAIN.get(done) else { return Self::GiveUp };
        Self::Ask(ASK_AGAIN.get(done + 1).map_or(LAST_WAIT, |next| *next - *last))
    }
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

    /// The money came. It wins over a wish to end the order.
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

    /// Cash on delivery was granted. That is no money: an order that shall end waits for the answer to that wish, which is
    /// on its way behind this one.
    pub const fn cod_accepted(self) -> OrderStep {
        match self {
            Self::Placed | Self::Reserving | Self::Reserved => OrderStep::TooEarly,
            Self::AwaitingCodOk => OrderStep::Moved(Self::Confirmed),
            Self::CancelPending | Self::Confirmed => OrderStep::Same,
            Self::AwaitingPayment | Self::Rejected | Self::Cancelled => OrderStep::TooLate,
        }
    }

    /// Some of the stock is gone although it was held. That is found out when the order is confirmed; the order itself stays.
    pub const fn stock_gone(self) -> OrderStep {
        match self {
            Self::Placed
            | Self::Reserving
            | Self::Reserved
            | Self::AwaitingPayment
            | Self::AwaitingCodOk
            | Self::CancelPending => OrderStep::TooEarly,
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

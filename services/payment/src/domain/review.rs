//! Wrong money that a person may look at, and when it can pay the order all the same.

use jiff::Timestamp;
use kernel::{Money, PaymentId, UserId};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::refused::Refused;
use super::status::PaymentProgress;

/// What becomes of wrong money. `accepted`: it pays the order, and what is more than that goes back. `given_back`: all of
/// it goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReviewOutcome)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Outcome {
    /// It pays the order.
    Accepted,
    /// It goes back.
    GivenBack,
}

/// Wrong money that a person may look at.
#[derive(Debug, Clone)]
pub struct Review {
    /// Its place in the list.
    pub seq: i64,
    /// What came, by its name at the provider.
    pub provider_payment_id: String,
    pub payment_id: PaymentId,
    pub order_number: String,
    pub asked: Money,
    pub received: Money,
    pub opened_at: Timestamp,
    pub outcome: Option<Outcome>,
    /// Nobody, where the end of the order decided.
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
}

impl Review {
    /// What is too much, if it pays for a payment that stands at `status`. `left` is what did not go back meanwhile.
    pub fn excess(&self, status: PaymentProgress, left: Money) -> Result<Money, Refused> {
        if status != PaymentProgress::PaymentReview {
            return Err(Refused::NotAcceptable("its order does not wait for it"));
        }
        if self.received.currency() != self.asked.currency() {
            return Err(Refused::NotAcceptable("it is of another currency"));
        }
        if left != self.received {
            return Err(Refused::NotAcceptable("some of it went back"));
        }
        let excess = self.received.sub(self.asked).ok().filter(|excess| !excess.is_negative());
        excess.ok_or(Refused::NotAcceptable("it is less than was asked for"))
    }
}

#[cfg(test)]
mod tests;

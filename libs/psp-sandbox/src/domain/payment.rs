//! A payment and its state machine: created, failed, authorised, captured, refunded.

use jiff::Timestamp;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::fee::Fee;
use super::refused::Refused;

/// What is known of a payment in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The buyer has not answered.
    Created,
    /// The buyer declined. Not final: the bank may still say yes, days later.
    Failed,
    /// The bank said yes; the money is not the merchant's yet.
    Authorized {
        /// The bank's reference.
        rrn: String,
    },
    /// The money is the merchant's.
    Captured {
        /// The bank's reference.
        rrn: String,
        /// When it was captured.
        at: Timestamp,
        /// What the provider keeps of it.
        fee: Fee,
    },
}

/// A payment at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `pay_` and fourteen characters.
    pub id: String,
    /// The order it pays.
    pub order_id: String,
    /// What the buyer pays, in minor units.
    pub amount: i64,
    /// The currency of every amount here.
    pub currency: Currency,
    /// What the buyer's app shows.
    pub description: Option<String>,
    /// The buyer's address.
    pub email: Option<String>,
    /// The buyer's number.
    pub contact: Option<String>,
    /// Where it stands.
    pub state: PaymentState,
    /// How much went back or is on its way, in minor units.
    pub refunded: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Payment {
    /// Whether the buyer has still to answer.
    pub fn is_pending(&self) -> bool {
        self.state == PaymentState::Created
    }

    /// Whether the money is the merchant's, or was.
    pub fn is_captured(&self) -> bool {
        matches!(self.state, PaymentState::Captured { .. })
    }

    /// The bank says yes, to `amount` if it is not what was asked; a late yes follows a failure. The payment as it is
    /// authorised, and then at once captured.
    pub fn approve(
        &self,
        amount: Option<i64>,
        rrn: String,
        at: Timestamp,
    ) -> Result<[Self; 2], Refused> {
        match self.state {
            PaymentState::Created | PaymentState::Failed => {
                let amount = amount.unwrap_or(self.amount);
                let captured = PaymentState::Captured { rrn: rrn.clone(), at, fee: Fee::UPI };
                let states = [PaymentState::Authorized { rrn }, captured];
                Ok(states.map(|state| Self { amount, state, ..self.clone() }))
            }
            PaymentState::Authorized { .. } | PaymentState::Captured { .. } => {
                Err(Refused::AlreadyAuthorized)
            }
        }
    }

    /// The provider keeps so many basis points of it, once it is captured.
    pub fn charged(self, basis_points: u16) -> Self {
        let state = match self.state {
            PaymentState::Captured { rrn, at, .. } => {
                PaymentState::Captured { rrn, at, fee: Fee::of(self.amount, basis_points) }
            }
            state @ (PaymentState::Created
            | PaymentState::Failed
            | PaymentState::Authorized { .. }) => state,
        };
        Self { state, ..self }
    }

    /// The buyer or the bank says no.
    pub fn fail(&self) -> Result<Self, Refused> {
        match self.state {
            PaymentState::Created => Ok(Self { state: PaymentState::Failed, ..self.clone() }),
            PaymentState::Failed => Err(Refused::AlreadyFailed),
            PaymentState::Authorized { .. } | PaymentState::Captured { .. } => {
                Err(Refused::AlreadyAuthorized)
            }
        }
    }

    /// What a refund over `asked`, or over all that is left, would give back.
    pub fn refundable(&self, asked: Option<i64>) -> Result<i64, Refused> {
        let PaymentState::Captured { .. } = self.state else {
            return Err(Refused::NotCaptured);
        };
        let left = self.amount - self.refunded;
        if left == 0 {
            return Err(Refused::FullyRefunded);
        }
        match asked {
            Some(asked) if asked > self.amount => Err(Refused::RefundExceedsCapture),
            Some(asked) if asked > left => Err(Refused::RefundTooLarge),
            Some(asked) => Ok(asked),
            None => Ok(left),
        }
    }

    /// `amount` went back to the buyer.
    pub fn give_back(&self, amount: i64) -> Self {
        Self { refunded: self.refunded + amount, ..self.clone() }
    }

    /// `amount` was to go back and could not.
    pub fn take_back(&self, amount: i64) -> Self {
        Self { refunded: self.refunded - amount, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(state: PaymentState) -> Payment {
        Payment {
            id: "pay_1".into(),
            order_id: "order_1".into(),
            amount: 1_000,
            currency: Currency::Inr,
            description: None,
            email: None,
            contact: None,
            state,
            refunded: 0,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn captured() -> Payment {
        let [_, captured] = payment(PaymentState::Created)
            .approve(None, "1".into(), Timestamp::UNIX_EPOCH)
            .unwrap();
        captured
    }

    #[test]
    fn a_failed_payment_may_still_be_approved_late() {
        let failed = payment(PaymentState::Created).fail().unwrap();
        assert!(failed.approve(None, "1".into(), Timestamp::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn nothing_leads_back_from_captured() {
        let again = captured().approve(None, "2".into(), Timestamp::UNIX_EPOCH);
        assert_eq!(again, Err(Refused::AlreadyAuthorized));
        assert_eq!(captured().fail(), Err(Refused::AlreadyAuthorized));
    }

    #[test]
    fn refunds_never_exceed_what_was_captured() {
        let half = captured().give_back(captured().refundable(Some(600)).unwrap());
        assert_eq!(half.refundable(Some(1_001)), Err(Refused::RefundExceedsCapture));
        assert_eq!(half.refundable(Some(401)), Err(Refused::RefundTooLarge));
        assert_eq!(half.refundable(None), Ok(400));
        assert_eq!(half.give_back(400).refundable(None), Err(Refused::FullyRefunded));
    }

    #[test]
    fn what_could_not_be_given_back_is_refundable_again() {
        let all = captured().give_back(1_000).take_back(1_000);
        assert_eq!(all.refundable(None), Ok(1_000));
    }

    #[test]
    fn only_captured_money_goes_back() {
        assert_eq!(payment(PaymentState::Created).refundable(None), Err(Refused::NotCaptured));
    }
}

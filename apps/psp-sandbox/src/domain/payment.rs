//! A payment and its state machine: created, failed, authorised, captured, refunded.

use jiff::Timestamp;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::fee::Fee;
use super::notes::Notes;
use super::refused::Refused;

/// How the buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// An app on the buyer's phone, by intent link or QR code.
    Upi,
    /// A card.
    Card,
    /// The bank's website.
    Netbanking,
    /// A prepaid wallet.
    Wallet,
}

/// What is known of a payment in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
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
    /// How the buyer pays.
    pub method: Method,
    /// What the buyer's app shows.
    pub description: Option<String>,
    /// The buyer's address.
    pub email: Option<String>,
    /// The buyer's number.
    pub contact: Option<String>,
    /// The merchant's own pairs.
    pub notes: Notes,
    /// Where it stands.
    pub state: State,
    /// How much went back, in minor units.
    pub refunded: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Payment {
    /// Whether the buyer has still to answer.
    pub fn is_pending(&self) -> bool {
        self.state == State::Created
    }

    /// The bank says yes, to `amount` if it is not what was asked. A late yes follows a failure.
    pub fn authorize(&self, amount: Option<i64>, rrn: String) -> Result<Self, Refused> {
        match self.state {
            State::Created | State::Failed => Ok(Self {
                amount: amount.unwrap_or(self.amount),
                state: State::Authorized { rrn },
                ..self.clone()
            }),
            State::Authorized { .. } | State::Captured { .. } => Err(Refused::AlreadyAuthorized),
        }
    }

    /// The buyer or the bank says no.
    pub fn fail(&self) -> Result<Self, Refused> {
        match self.state {
            State::Created => Ok(Self { state: State::Failed, ..self.clone() }),
            State::Failed => Err(Refused::AlreadyFailed),
            State::Authorized { .. } | State::Captured { .. } => Err(Refused::AlreadyAuthorized),
        }
    }

    /// The authorised money becomes the merchant's.
    pub fn capture(&self, at: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Authorized { rrn } => {
                let fee = Fee::of(self.method, self.amount);
                let state = State::Captured { rrn: rrn.clone(), at, fee };
                Ok(Self { state, ..self.clone() })
            }
            State::Captured { .. } => Err(Refused::AlreadyCaptured),
            State::Created | State::Failed => Err(Refused::NotAuthorized),
        }
    }

    /// What a refund over `asked`, or over all that is left, would give back.
    pub fn refundable(&self, asked: Option<i64>) -> Result<i64, Refused> {
        let State::Captured { .. } = self.state else {
            return Err(Refused::NotCaptured);
        };
        let left = self.amount - self.refunded;
        if left == 0 {
            return Err(Refused::FullyRefunded);
        }
        match asked {
            Some(asked) if asked > left => Err(Refused::RefundTooLarge),
            Some(asked) => Ok(asked),
            None => Ok(left),
        }
    }

    /// `amount` went back to the buyer.
    pub fn give_back(&self, amount: i64) -> Self {
        Self { refunded: self.refunded + amount, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(state: State) -> Payment {
        Payment {
            id: "pay_1".into(),
            order_id: "order_1".into(),
            amount: 1_000,
            currency: Currency::Inr,
            method: Method::Upi,
            description: None,
            email: None,
            contact: None,
            notes: Notes::default(),
            state,
            refunded: 0,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn captured() -> Payment {
        let authorized = payment(State::Created).authorize(None, "1".into()).unwrap();
        authorized.capture(Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_failed_payment_may_still_be_authorized_late() {
        let failed = payment(State::Created).fail().unwrap();
        assert!(failed.authorize(None, "1".into()).unwrap().capture(Timestamp::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn nothing_leads_back_from_captured() {
        let captured = captured();
        assert_eq!(captured.fail(), Err(Refused::AlreadyAuthorized));
        assert_eq!(captured.authorize(None, "2".into()), Err(Refused::AlreadyAuthorized));
        assert_eq!(captured.capture(Timestamp::UNIX_EPOCH), Err(Refused::AlreadyCaptured));
    }

    #[test]
    fn money_that_was_never_authorized_cannot_be_captured() {
        for state in [State::Created, State::Failed] {
            let refused = payment(state).capture(Timestamp::UNIX_EPOCH);
            assert_eq!(refused, Err(Refused::NotAuthorized));
        }
    }

    #[test]
    fn refunds_never_exceed_what_was_captured() {
        let half = captured().give_back(captured().refundable(Some(600)).unwrap());
        assert_eq!(half.refundable(Some(401)), Err(Refused::RefundTooLarge));
        assert_eq!(half.refundable(None), Ok(400));
        assert_eq!(half.give_back(400).refundable(None), Err(Refused::FullyRefunded));
    }

    #[test]
    fn only_captured_money_goes_back() {
        assert_eq!(payment(State::Created).refundable(None), Err(Refused::NotCaptured));
    }
}

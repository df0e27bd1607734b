//! A buyer's bank asks money back, and keeps it or does not.

use jiff::Timestamp;
use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::payment::Payment;
use super::refused::Refused;

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// The bank asks.
    Open,
    /// The merchant keeps the money.
    Won,
    /// The bank keeps it.
    Lost,
}

impl DisputeStatus {
    /// The word the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// A dispute at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// `disp_` and fourteen characters.
    pub id: String,
    /// What is disputed.
    pub payment_id: String,
    /// The order the payment was for.
    pub order_id: String,
    /// How much is asked back, in minor units.
    pub amount: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// Where it stands.
    pub status: DisputeStatus,
    /// When it began.
    pub created_at: Timestamp,
    /// When the bank decided.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
}

impl Dispute {
    /// The bank asks for `amount` of a payment, or for all that was not refunded.
    pub fn open(
        id: String,
        payment: &Payment,
        amount: Option<i64>,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        if !payment.is_captured() {
            return Err(Refused::NotCaptured);
        }
        let amount = disputed(payment, amount)?;
        Ok(Self {
            id,
            payment_id: payment.id.clone(),
            order_id: payment.order_id.clone(),
            amount,
            currency: payment.currency,
            status: DisputeStatus::Open,
            created_at: now,
            decided_at: None,
        })
    }

    /// The bank decides.
    pub fn decide(&self, status: DisputeStatus, now: Timestamp) -> Result<Self, Refused> {
        if self.status == DisputeStatus::Open {
            Ok(Self { status, decided_at: Some(now), ..self.clone() })
        } else {
            Err(Refused::DisputeDecided)
        }
    }
}

fn disputed(payment: &Payment, amount: Option<i64>) -> Result<i64, Refused> {
    let left = payment.amount.saturating_sub(payment.refunded);
    let amount = amount.unwrap_or(left);
    if (1..=payment.amount).contains(&amount) {
        Ok(amount)
    } else {
        Err(Refused::input("amount", "The amount is out of range."))
    }
}

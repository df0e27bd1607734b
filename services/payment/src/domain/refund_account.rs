//! Where a buyer who paid in cash wants it back.

use jiff::Timestamp;
use kernel::Vpa;

use super::payment::Payment;
use super::refused::Refused;
use super::status::{Method, PaymentProgress};

/// Where a buyer who paid in cash wants it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundAccount {
    pub vpa: Vpa,
    pub given_at: Timestamp,
}

impl Payment {
    /// Whether its buyer has to say where money goes back to: cash came from nowhere that is known.
    pub fn takes_account(&self) -> Result<(), Refused> {
        let cash = [PaymentProgress::CodAccepted, PaymentProgress::CodCollected];
        if self.method == Method::Cod && cash.contains(&self.status) {
            Ok(())
        } else {
            Err(Refused::NotCash)
        }
    }
}

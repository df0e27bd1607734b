//! How much can be paid at once, by each way to pay.

use contracts::cart::PaymentMethod;
use kernel::Money;

/// The most that each way to pay takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub upi: Money,
    pub cod: Money,
}

impl Limits {
    /// The most that `method` takes, if `total` is beyond it.
    pub fn exceeded_by(&self, method: PaymentMethod, total: Money) -> Option<Money> {
        let most = match method {
            PaymentMethod::Upi => self.upi,
            PaymentMethod::Cod => self.cod,
            PaymentMethod::Unknown => return None,
        };
        (total.minor() > most.minor()).then_some(most)
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Money, PaymentMethod};

    #[test]
    fn the_limit_itself_can_be_paid_and_a_paisa_more_cannot() {
        let limits = Limits { upi: Money::inr(200), cod: Money::inr(100) };
        assert_eq!(limits.exceeded_by(PaymentMethod::Upi, Money::inr(200)), None);
        assert_eq!(limits.exceeded_by(PaymentMethod::Upi, Money::inr(201)), Some(limits.upi));
        assert_eq!(limits.exceeded_by(PaymentMethod::Cod, Money::inr(101)), Some(limits.cod));
    }
}

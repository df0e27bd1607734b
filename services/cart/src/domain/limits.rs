//! How much can be paid at once, by each way to pay.

use contracts::cart::PaymentMethod;
use kernel::Money;

/// The provider makes no order under a rupee: nobody could pay it.
const UPI_LEAST: Money = Money::inr(100);

/// The least that `method` takes, if `total` is below it.
pub fn fallen_short_of(method: PaymentMethod, total: Money) -> Option<Money> {
    (method == PaymentMethod::Upi && total.minor() < UPI_LEAST.minor()).then_some(UPI_LEAST)
}

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
    use super::{Limits, Money, PaymentMethod, UPI_LEAST, fallen_short_of};

    #[test]
    fn a_rupee_can_be_paid_by_upi_and_a_paisa_less_only_at_the_door() {
        assert_eq!(fallen_short_of(PaymentMethod::Upi, Money::inr(100)), None);
        assert_eq!(fallen_short_of(PaymentMethod::Upi, Money::inr(99)), Some(UPI_LEAST));
        assert_eq!(fallen_short_of(PaymentMethod::Cod, Money::inr(1)), None);
    }

    #[test]
    fn the_limit_itself_can_be_paid_and_a_paisa_more_cannot() {
        let limits = Limits { upi: Money::inr(200), cod: Money::inr(100) };
        assert_eq!(limits.exceeded_by(PaymentMethod::Upi, Money::inr(200)), None);
        assert_eq!(limits.exceeded_by(PaymentMethod::Upi, Money::inr(201)), Some(limits.upi));
        assert_eq!(limits.exceeded_by(PaymentMethod::Cod, Money::inr(101)), Some(limits.cod));
    }
}

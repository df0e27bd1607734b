//! Whether an order may be paid at the door.

use kernel::{Currency, Money};

use super::status::PaymentProgress;

/// Why cash is not taken.
pub const OVER_LIMIT: &str = "over-limit";
/// Why cash is not taken.
pub const NOT_RUPEES: &str = "not-rupees";
/// Why cash is not taken: the payment window is over, so nobody is there to want it.
pub const TOO_LATE: &str = "too-late";

/// Whether `amount` may be paid in cash, and if not, why. `is_late`: it is asked for after the payment window.
pub fn decide(amount: Money, most: Money, is_late: bool) -> Result<PaymentProgress, &'static str> {
    if is_late {
        return Err(TOO_LATE);
    }
    if amount.currency() != Currency::Inr {
        return Err(NOT_RUPEES);
    }
    if amount.minor() > most.minor() {
        return Err(OVER_LIMIT);
    }
    Ok(PaymentProgress::CodAccepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_is_taken_up_to_the_limit_and_in_rupees_only() {
        let decide = |amount| decide(amount, Money::inr(5_000_000), false);
        assert_eq!(decide(Money::inr(5_000_000)), Ok(PaymentProgress::CodAccepted));
        assert_eq!(decide(Money::inr(5_000_001)), Err(OVER_LIMIT));
        assert_eq!(decide(Money::new(1, Currency::Hkd)), Err(NOT_RUPEES));
    }

    #[test]
    fn cash_is_not_taken_once_the_window_is_over() {
        assert_eq!(decide(Money::inr(1), Money::inr(5_000_000), true), Err(TOO_LATE));
    }
}

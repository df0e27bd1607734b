//! Whether an order may be paid at the door.

use kernel::{Currency, Money};

use super::status::PaymentProgress;

/// Why cash is not taken.
pub const OVER_LIMIT: &str = "over-limit";
/// Why cash is not taken.
pub const NOT_RUPEES: &str = "not-rupees";

/// Whether `amount` may be paid in cash, and if not, why.
pub fn decide(amount: Money, most: Money) -> Result<PaymentProgress, &'static str> {
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
        let most = Money::inr(5_000_000);
        assert_eq!(decide(Money::inr(5_000_000), most), Ok(PaymentProgress::CodAccepted));
        assert_eq!(decide(Money::inr(5_000_001), most), Err(OVER_LIMIT));
        assert_eq!(decide(Money::new(1, Currency::Hkd), most), Err(NOT_RUPEES));
    }
}

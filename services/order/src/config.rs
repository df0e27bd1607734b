//! What only order-service needs to be told.

use jiff::SignedDuration;
use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seconds that a buyer has to pay, from when stock is held: 15 minutes, as long as cart-service counts checkouts.
    /// Then the payment is asked to end; money that came first confirms the order after all.
    #[serde(default = "fifteen_minutes")]
    pub payment_window_s: u32,
    /// Seconds for which stock is asked to be held, from when the order is placed: more than the payment window, which it
    /// cuts short otherwise. An order that still waits for its stock then is cancelled.
    #[serde(default = "twenty_minutes")]
    pub reservation_s: u32,
}

fn fifteen_minutes() -> u32 {
    900
}

fn twenty_minutes() -> u32 {
    1200
}

impl Config {
    /// Refuses settings that contradict each other.
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.payment_window_s > 0, "ORDER__PAYMENT_WINDOW_S must be at least 1");
        anyhow::ensure!(
            self.reservation_s > self.payment_window_s,
            "ORDER__RESERVATION_S must be longer than ORDER__PAYMENT_WINDOW_S"
        );
        Ok(())
    }

    /// How long a buyer has to pay.
    #[must_use]
    pub fn payment_window(&self) -> SignedDuration {
        SignedDuration::from_secs(self.payment_window_s.into())
    }

    /// How long stock is asked to be held.
    #[must_use]
    pub fn reservation(&self) -> SignedDuration {
        SignedDuration::from_secs(self.reservation_s.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn config(payment_window_s: u32, reservation_s: u32) -> Config {
        Config { payment_window_s, reservation_s }
    }

    #[test]
    fn stock_is_held_longer_than_the_buyer_has_to_pay() {
        assert!(config(900, 1200).check().is_ok());
        assert!(config(900, 900).check().unwrap_err().to_string().contains("RESERVATION_S"));
        assert!(config(0, 900).check().unwrap_err().to_string().contains("PAYMENT_WINDOW_S"));
    }
}

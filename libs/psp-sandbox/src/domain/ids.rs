//! The provider's ids: a prefix and fourteen random letters and digits, as Razorpay's look.

use rand::distr::{Alphanumeric, SampleString};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Draws fresh ids. The randomness is a parameter, so that the rules stay pure.
#[derive(Debug)]
pub struct Ids {
    random: StdRng,
}

impl Ids {
    /// Ids that nobody can foresee.
    pub fn from_entropy() -> Self {
        Self { random: StdRng::from_os_rng() }
    }

    /// The same ids at every run.
    #[cfg(test)]
    pub fn seeded(seed: u64) -> Self {
        Self { random: StdRng::seed_from_u64(seed) }
    }

    /// An order's id.
    pub fn order(&mut self) -> String {
        self.draw("order")
    }

    /// A payment's id.
    pub fn payment(&mut self) -> String {
        self.draw("pay")
    }

    /// A refund's id.
    pub fn refund(&mut self) -> String {
        self.draw("rfnd")
    }

    /// A dispute's id.
    pub fn dispute(&mut self) -> String {
        self.draw("disp")
    }

    /// A payout's id.
    pub fn payout(&mut self) -> String {
        self.draw("pout")
    }

    /// A webhook event's id.
    pub fn event(&mut self) -> String {
        self.draw("evt")
    }

    /// The bank's retrieval reference number: twelve digits.
    pub fn rrn(&mut self) -> String {
        self.random.random_range(100_000_000_000_u64..1_000_000_000_000).to_string()
    }

    fn draw(&mut self, prefix: &str) -> String {
        format!("{prefix}_{}", Alphanumeric.sample_string(&mut self.random, 14))
    }
}

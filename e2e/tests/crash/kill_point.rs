//! A moment of the journey, drawn from the seed.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use mall::reporter::Step;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::watch;

/// The seed of this run: a repeated one, or a fresh one.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("MALL_CRASH_SEED") {
        Ok(seed) => seed.parse().expect("MALL_CRASH_SEED is a number"),
        Err(_) => rand::rng().random_range(0..1_000_000),
    })
}

/// So far into one step of the journey.
#[derive(Debug)]
pub struct KillPoint {
    index: usize,
    step: String,
    after: Duration,
    rest: usize,
}

impl KillPoint {
    /// Draws one for `victim` out of a journey that took these steps. Not in the last one: a journey that is over
    /// cannot be disturbed.
    pub fn draw(victim: &str, steps: &[Step]) -> Self {
        let own = victim.bytes().fold(seed(), |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        let mut rng = StdRng::seed_from_u64(own);
        let index = rng.random_range(0..steps.len() - 1);
        let permille = rng.random_range(0..1000);
        let after = Duration::from_micros(steps[index].ms * permille);
        Self { index, step: steps[index].step.clone(), after, rest: rng.random_range(0..60) }
    }

    /// One of `count`, from the same seed.
    pub fn draw_of(&self, count: usize) -> usize {
        self.rest.checked_rem(count).unwrap_or(0)
    }

    /// Waits for it. A step may be quicker than it was: then the moment is its end.
    pub async fn come(&self, begun: &mut watch::Receiver<Vec<String>>) -> anyhow::Result<()> {
        let over = "the journey was over before its moment came";
        begun.wait_for(|begun| begun.len() > self.index).await.context(over)?;
        let next = begun.wait_for(|begun| begun.len() > self.index + 1);
        match tokio::time::timeout(self.after, next).await {
            Ok(ended) => ended.map(drop).context(over),
            Err(_) => Ok(()),
        }
    }
}

impl fmt::Display for KillPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} into step {} ({})", self.after, self.index + 1, self.step)
    }
}

//! Chance that can be repeated: a seed decides what falls, on every machine the same.

use sha2::{Digest as _, Sha256};

/// Dice of a seed.
#[derive(Debug, Clone)]
pub struct Dice {
    seed: String,
    thrown: u64,
}

impl Dice {
    /// Those of `seed`.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self { seed: seed.to_string(), thrown: 0 }
    }

    /// Others, which fall in the same way however often these are thrown.
    #[must_use]
    pub fn of_its_own(&self, whose: u64) -> Self {
        Self { seed: format!("{} {whose}", self.seed), thrown: 0 }
    }

    /// A number from 0 up to, not including, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.thrown += 1;
        let digest = Sha256::digest(format!("{} {}", self.seed, self.thrown));
        let first = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        first % end.max(1)
    }

    /// Whether something happens that does so many times in a hundred.
    pub fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        let many = u64::try_from(several.len()).unwrap_or(0);
        several.get(usize::try_from(self.below(many)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed| {
            let mut dice = Dice::of(seed);
            std::array::from_fn::<u64, 8, _>(|_| dice.below(6))
        };
        assert_eq!(throw(1), throw(1));
        assert_ne!(throw(1), throw(2));
        assert!(throw(1).iter().all(|eyes| *eyes < 6));
    }
}

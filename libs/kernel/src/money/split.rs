//! Sharing an amount out, to the last unit.

use std::cmp::Reverse;

use crate::{Money, MoneyError};

impl Money {
    /// Shares the amount out in proportion to `weights`, by largest remainder.
    ///
    /// The parts add up to the whole and each is within one unit of its exact share. Left-over
    /// units go to the largest remainders, among equals to the earliest. A zero weight gets
    /// nothing, unless all are zero: then all are equal. A negative amount is shared as its
    /// positive mirror.
    pub fn split(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        if weights.is_empty() {
            return Err(MoneyError::NoShares);
        }
        let parts = shares(self.minor().unsigned_abs(), weights).ok_or(MoneyError::Overflow)?;
        let sign = i128::from(self.minor().signum());
        parts
            .into_iter()
            .map(|part| self.with(i64::try_from(i128::from(part) * sign).ok()))
            .collect()
    }
}

/// The parts of `total`; `None` only when they cannot be counted.
fn shares(total: u64, weights: &[u64]) -> Option<Vec<u64>> {
    let equal = weights.iter().all(|weight| *weight == 0);
    let weight_of = |weight: &u64| if equal { 1 } else { u128::from(*weight) };
    let sum: u128 = weights.iter().map(weight_of).sum();

    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let product = u128::from(total) * weight_of(weight);
        parts.push(u64::try_from(product.checked_div(sum)?).ok()?);
        remainders.push((Reverse(product % sum), index));
    }

    let left_over = total.checked_sub(parts.iter().sum())?;
    remainders.sort_unstable();
    for (_, index) in remainders.into_iter().take(usize::try_from(left_over).ok()?) {
        parts[index] += 1;
    }
    Some(parts)
}

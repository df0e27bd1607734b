//! Rounding of exact fractions, without floats.

use std::num::NonZeroU64;

/// Divides and rounds to the nearest whole number, halves away from zero.
pub fn half_up(numerator: i128, denominator: NonZeroU64) -> i128 {
    let divisor = i128::from(denominator.get());
    let (whole, rest) = (numerator / divisor, numerator % divisor);
    if rest.abs() * 2 >= divisor { whole + numerator.signum() } else { whole }
}

/// `numerator / denominator` with `decimals` places, halves away from zero; `None` for a zero
/// denominator.
pub fn decimal(numerator: u64, denominator: u64, decimals: u32) -> Option<String> {
    let scale = 10_u64.checked_pow(decimals)?;
    let scaled = i128::from(numerator) * i128::from(scale);
    let rounded = half_up(scaled, NonZeroU64::new(denominator)?);
    let (whole, rest) = (rounded / i128::from(scale), rounded % i128::from(scale));
    if decimals == 0 {
        return Some(whole.to_string());
    }
    Some(format!("{whole}.{rest:0width$}", width = usize::try_from(decimals).ok()?))
}

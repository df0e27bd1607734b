//! The price ranges that results are counted in: 1, 2, 5, 10, 20, 50 .. of the smallest unit, so
//! that one ladder suits cheap and dear things and every currency.

/// Where each range begins; it ends just below the next one, and the last one never.
pub const PRICE_STEPS: [i64; 23] = [
    0,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    200_000_000,
    500_000_000,
    1_000_000_000,
];

/// Which of the ranges `price` lies in.
pub fn price_step(price: i64) -> usize {
    PRICE_STEPS.partition_point(|start| *start <= price).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_beginning_and_not_its_end() {
        assert_eq!(price_step(0), 0);
        assert_eq!(price_step(99), 0);
        assert_eq!(price_step(100), 1);
        assert_eq!(PRICE_STEPS[price_step(149_900)], 100_000);
        assert_eq!(price_step(i64::MAX), PRICE_STEPS.len() - 1);
        assert_eq!(price_step(-5), 0);
    }
}

//! The rules of counting: pure.

pub mod period;
pub mod story;

/// The average of `orders` orders over `gross`, half up; nothing sold is nothing on average.
pub fn average(gross: i64, orders: i64) -> i64 {
    if orders <= 0 {
        return 0;
    }
    let (gross, orders) = (i128::from(gross), i128::from(orders));
    i64::try_from((gross * 2 + orders).div_euclid(orders * 2)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::average;

    #[test]
    fn averages_round_half_up() {
        assert_eq!((average(0, 0), average(100, 3), average(200, 3)), (0, 33, 67));
        assert_eq!((average(5, 2), average(7, 2), average(i64::MAX, 1)), (3, 4, i64::MAX));
    }
}

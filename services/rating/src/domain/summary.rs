//! The stars of a target, counted exactly.

use kernel::Rating;

/// How many published reviews of one, two, .. five stars there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// From one star to five.
    pub histogram: [i64; 5],
}

impl Summary {
    pub fn count(&self) -> i64 {
        self.histogram.iter().sum()
    }

    /// All stars added up.
    pub fn sum(&self) -> i64 {
        (1..=5).zip(self.histogram).map(|(stars, reviews)| stars * reviews).sum()
    }

    /// The average with two decimals, half up; `0.00` without reviews.
    pub fn average(&self) -> String {
        let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
        Rating { sum: unsigned(self.sum()), count: unsigned(self.count()) }.average()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Summary;

    #[test]
    fn no_reviews_average_to_nothing() {
        assert_eq!(Summary::default().average(), "0.00");
    }

    proptest! {
        #[test]
        fn sum_and_count_are_those_of_the_reviews(stars in prop::collection::vec(1_usize..=5, 0..50)) {
            let mut summary = Summary::default();
            for star in &stars {
                summary.histogram[star - 1] += 1;
            }
            prop_assert_eq!(usize::try_from(summary.count()).unwrap(), stars.len());
            prop_assert_eq!(usize::try_from(summary.sum()).unwrap(), stars.iter().sum::<usize>());
        }
    }
}

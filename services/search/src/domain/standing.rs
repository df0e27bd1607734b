//! Numbers to compare ratings by.

use kernel::Rating;

/// How many average reviews a subject is thought to have before the first real one.
const ASSUMED_REVIEWS: u128 = 5;

/// The stars of an assumed review, in hundredths.
const ASSUMED_HUNDREDTHS: u128 = 350;

/// The average in hundredths of a star, halves rounded up; 0 before the first review.
pub fn hundredths(rating: Rating) -> u16 {
    let (sum, count) = (u128::from(rating.sum), u128::from(rating.count));
    if count == 0 {
        return 0;
    }
    at_most_five_stars((sum * 200 + count) / (count * 2))
}

/// The average in hundredths after some assumed average reviews, so that one enthusiastic
/// review does not outrank two hundred good ones.
pub fn merit(rating: Rating) -> u16 {
    let (sum, count) = (u128::from(rating.sum), u128::from(rating.count));
    at_most_five_stars(
        (sum * 100 + ASSUMED_REVIEWS * ASSUMED_HUNDREDTHS) / (count + ASSUMED_REVIEWS),
    )
}

fn at_most_five_stars(hundredths: u128) -> u16 {
    u16::try_from(hundredths.min(500)).unwrap_or(500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_rounded_half_up() {
        assert_eq!(hundredths(Rating { sum: 17, count: 4 }), 425);
        assert_eq!(hundredths(Rating { sum: 33, count: 8 }), 413);
        assert_eq!(hundredths(Rating::NONE), 0);
    }

    #[test]
    fn many_good_reviews_outrank_one_perfect_review() {
        assert!(
            merit(Rating { sum: 960, count: 200 }) > merit(Rating { sum: 5, count: 1 }),
            "4.80 of 200 against 5.00 of 1"
        );
        assert!(merit(Rating::NONE) > merit(Rating { sum: 2, count: 2 }));
    }

    #[test]
    fn absurd_sums_stay_within_five_stars() {
        assert_eq!(hundredths(Rating { sum: u64::MAX, count: 1 }), 500);
        assert_eq!(merit(Rating { sum: u64::MAX, count: u64::MAX }), 100);
    }
}

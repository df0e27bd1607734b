//! The month by India's clock, in which taxes are deposited.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// How far India's clock is ahead of UTC, all year.
pub const INDIA: SignedDuration = SignedDuration::from_mins(5 * 60 + 30);

/// Whether both moments are in one month by India's clock.
pub fn is_same(one: Timestamp, other: Timestamp) -> bool {
    of(one) == of(other)
}

fn of(at: Timestamp) -> (i16, i8) {
    // Only the last hours of the year 9999 cannot be shifted.
    let date = Offset::UTC.to_datetime(at.checked_add(INDIA).unwrap_or(at)).date();
    (date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_turns_at_midnight_in_india() {
        let [last, first, later, year] = [
            "2026-03-31T18:29:59Z",
            "2026-03-31T18:30:00Z",
            "2026-04-30T18:29:59Z",
            "2027-04-15T00:00:00Z",
        ]
        .map(|at| at.parse().unwrap());
        assert!(!is_same(last, first));
        assert!(is_same(first, later));
        assert!(!is_same(later, year));
    }
}

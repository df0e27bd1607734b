//! The month by India's clock, in which taxes are deposited.

use jiff::Timestamp;
use kernel::india;

/// Whether both moments are in one month by India's clock.
pub fn is_same(one: Timestamp, other: Timestamp) -> bool {
    let month = |at| india::day(at).first_of_month();
    month(one) == month(other)
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

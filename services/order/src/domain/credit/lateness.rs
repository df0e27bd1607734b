//! Until when tax is taken back with what was sold: 30 November after the financial year of the supply (CGST Act, s. 34).

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use kernel::FinancialYear;

/// How far India's clock is ahead of UTC, all year.
const INDIA: SignedDuration = SignedDuration::from_mins(5 * 60 + 30);

/// Whether it is too late at `now` to take back the tax of what was placed at `placed`.
pub fn is_too_late(placed: Timestamp, now: Timestamp) -> bool {
    let year = FinancialYear::of(placed).start_year();
    let end = Date::new(year + 1, 12, 1).ok().and_then(|day| {
        let midnight = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
        midnight.checked_sub(INDIA).ok()
    });
    end.is_some_and(|end| end <= now)
}

#[cfg(test)]
mod tests {
    use super::is_too_late;

    #[test]
    fn november_after_the_year_is_the_last_month_by_indias_clock() {
        for (placed, now, late) in [
            ("2026-04-01T00:00:00Z", "2027-11-30T18:29:59Z", false),
            ("2026-04-01T00:00:00Z", "2027-11-30T18:30:00Z", true),
            ("2027-03-31T18:29:59Z", "2027-11-30T18:30:00Z", true),
            ("2027-03-31T18:30:00Z", "2028-11-30T18:29:59Z", false),
        ] {
            let [placed, now] = [placed, now].map(|at| at.parse().unwrap());
            assert_eq!(is_too_late(placed, now), late, "{placed} {now}");
        }
    }
}

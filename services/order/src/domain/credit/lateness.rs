//! Until when tax is taken back with what was sold: 30 November after the financial year of the supply (CGST Act, s. 34).

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{FinancialYear, india};

/// Whether it is too late at `now` to take back the tax of what was placed at `placed`.
pub fn is_too_late(placed: Timestamp, now: Timestamp) -> bool {
    let year = FinancialYear::of(placed).start_year();
    let end = Date::new(year + 1, 12, 1).and_then(|day| india::moment(day.at(0, 0, 0, 0)));
    end.is_ok_and(|end| end <= now)
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

//! Days by India's clock: when sellers are paid, and what a year or a month of the books is.

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::month::INDIA;

/// Sellers are paid at this hour.
const PAYDAY_HOUR: i8 = 10;
/// The books of a month are closed at this hour of the first: by then nothing is on its way into it.
const CLOSING_HOUR: i8 = 1;

/// The day.
pub fn date(at: Timestamp) -> Date {
    // Only the last hours of the year 9999 cannot be shifted.
    Offset::UTC.to_datetime(at.checked_add(INDIA).unwrap_or(at)).date()
}

/// When the day begins.
pub fn start(day: Date) -> Timestamp {
    at_hour(day, 0)
}

fn at_hour(day: Date, hour: i8) -> Timestamp {
    let local = Offset::UTC.to_timestamp(day.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX);
    local.checked_sub(INDIA).unwrap_or(local)
}

/// The last day on which sellers fell due to be paid, that hour included.
pub fn last_payday(now: Timestamp, weekday: Weekday) -> Date {
    let today = date(now);
    let since = today.weekday().since(weekday);
    let payday = back(today, since.into());
    if at_hour(payday, PAYDAY_HOUR) <= now { payday } else { back(payday, 7) }
}

/// The last day that is over since this hour of the day after.
pub fn last_night(now: Timestamp, hour: u8) -> Date {
    let late = SignedDuration::from_hours(hour.into());
    back(date(now.checked_sub(late).unwrap_or(now)), 1)
}

/// The first day of the last month that may be closed.
pub fn last_closed_month(now: Timestamp) -> Date {
    let late = SignedDuration::from_hours(CLOSING_HOUR.into());
    previous_month(date(now.checked_sub(late).unwrap_or(now)))
}

/// The first day of the month before.
pub fn previous_month(day: Date) -> Date {
    back(day.first_of_month(), 1).first_of_month()
}

/// The first day of the month after.
pub fn next_month(day: Date) -> Date {
    day.last_of_month().tomorrow().unwrap_or(Date::MAX)
}

/// The first day of the last financial year that may be closed.
pub fn last_closed_year(now: Timestamp) -> Date {
    let late = SignedDuration::from_hours(CLOSING_HOUR.into());
    let year = financial_year(date(now.checked_sub(late).unwrap_or(now)));
    financial_year(back(year, 1))
}

/// The first day of the financial year after.
pub fn next_year(year: Date) -> Date {
    Date::new(year.year().saturating_add(1), 4, 1).unwrap_or(Date::MAX)
}

/// The first day of the financial year, which begins with April.
pub fn financial_year(day: Date) -> Date {
    let april = if day.month() >= 4 { day } else { back(day, 120) };
    Date::new(april.year(), 4, 1).unwrap_or(day)
}

fn back(day: Date, days: i64) -> Date {
    day.checked_sub(days.days()).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn payday_is_monday_at_ten_in_india() {
        // 10:00 in India is 04:30 in Greenwich.
        for (now, payday) in [
            ("2026-11-30T04:29:59Z", day(2026, 11, 23)),
            ("2026-11-30T04:30:00Z", day(2026, 11, 30)),
            ("2026-12-06T20:00:00Z", day(2026, 11, 30)),
            ("2026-12-07T04:30:00Z", day(2026, 12, 7)),
        ] {
            assert_eq!(last_payday(at(now), Weekday::Monday), payday, "{now}");
        }
    }

    #[test]
    fn a_day_is_over_since_its_hour() {
        // Six in India is half past midnight in Greenwich.
        assert_eq!(last_night(at("2026-12-01T00:29:59Z"), 6), day(2026, 11, 29));
        assert_eq!(last_night(at("2026-12-01T00:30:00Z"), 6), day(2026, 11, 30));
    }

    #[test]
    fn a_month_is_closed_an_hour_after_its_end() {
        assert_eq!(last_closed_month(at("2026-11-30T19:29:59Z")), day(2026, 10, 1));
        assert_eq!(last_closed_month(at("2026-11-30T19:30:00Z")), day(2026, 11, 1));
        assert_eq!(previous_month(day(2026, 1, 31)), day(2025, 12, 1));
        assert_eq!(next_month(day(2025, 12, 1)), day(2026, 1, 1));
        assert_eq!(start(day(2026, 12, 1)), at("2026-11-30T18:30:00Z"));
    }

    #[test]
    fn a_financial_year_begins_with_april() {
        assert_eq!(financial_year(day(2026, 3, 31)), day(2025, 4, 1));
        assert_eq!(financial_year(day(2026, 4, 1)), day(2026, 4, 1));
        assert_eq!(financial_year(day(2026, 1, 1)), day(2025, 4, 1));
        assert_eq!(last_closed_year(at("2027-03-31T19:29:59Z")), day(2025, 4, 1));
        assert_eq!(last_closed_year(at("2027-03-31T19:30:00Z")), day(2026, 4, 1));
        assert_eq!(next_year(day(2026, 4, 1)), day(2027, 4, 1));
    }
}

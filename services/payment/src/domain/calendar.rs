//! Days by India's clock: when sellers are paid, and what a year or a month of the books is.

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};

use kernel::india;

/// Sellers are paid at this hour.
const PAYDAY_HOUR: i8 = 10;
/// The books of a month are closed at this hour of the first: by then nothing is on its way into it.
const CLOSING_HOUR: i8 = 1;

/// The day.
pub fn date(at: Timestamp) -> Date {
    india::day(at)
}

/// When the day begins.
pub fn start(day: Date) -> Timestamp {
    at_hour(day, 0)
}

fn at_hour(day: Date, hour: i8) -> Timestamp {
    india::moment(day.at(hour, 0, 0, 0)).unwrap_or(Timestamp::MAX)
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

/// Whether the financial year in which it was is over `now`.
pub fn is_of_earlier_year(at: Timestamp, now: Timestamp) -> bool {
    financial_year(date(at)) < financial_year(date(now))
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
mod tests;

//! The time that a statement is about: a month or a week, by India's clock.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Timestamp, ToSpan};

use super::calendar;

/// A month, `2026-11`, or a week from Monday on, `2026-W48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// The month that begins on this day.
    Month(Date),
    /// The week that begins on this day.
    Week(Date),
}

impl Period {
    /// The month of a day.
    pub fn month_of(day: Date) -> Self {
        Self::Month(day.first_of_month())
    }

    /// The week of a day.
    pub fn week_of(day: Date) -> Self {
        let since = i64::from(day.weekday().since(Weekday::Monday));
        Self::Week(day.checked_sub(since.days()).unwrap_or(Date::MIN))
    }

    /// Reads `2026-11` or `2026-W48`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let number = |digits: &str, len| {
            let fits = digits.len() == len && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|_| fits)
        };
        let year: i16 = number(year, 4)?;
        if let Some(week) = rest.strip_prefix('W') {
            let week = i8::try_from(number(week, 2)?).ok()?;
            let first = ISOWeekDate::new(year, week, Weekday::Monday).ok()?;
            Some(Self::Week(first.date()))
        } else {
            let month = i8::try_from(number(rest, 2)?).ok()?;
            Some(Self::Month(Date::new(year, month, 1).ok()?))
        }
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        match self {
            Self::Month(first) | Self::Week(first) => first,
        }
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.next().yesterday().unwrap_or(Date::MAX)
    }

    /// When it begins, and when it is over.
    pub fn bounds(self) -> (Timestamp, Timestamp) {
        (calendar::start(self.first()), calendar::start(self.next()))
    }

    /// Whether it has begun.
    pub fn has_begun(self, now: Timestamp) -> bool {
        self.bounds().0 <= now
    }

    /// Whether it is over.
    pub fn is_over(self, now: Timestamp) -> bool {
        self.bounds().1 <= now
    }

    /// Its last day that has come.
    pub fn last_until(self, now: Timestamp) -> Date {
        self.last().min(calendar::date(now)).max(self.first())
    }

    fn next(self) -> Date {
        match self {
            Self::Month(first) => calendar::next_month(first),
            Self::Week(first) => first.checked_add(7.days()).unwrap_or(Date::MAX),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Self::Week(first) => {
                let week = first.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
        }
    }
}

#[cfg(test)]
mod tests;

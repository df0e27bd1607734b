//! Days, as the mall counts them, and spans of them.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kernel::Invalid;
pub use kernel::india::day;

/// Days of a period when none is named.
const USUAL: i64 = 30;
/// Days of the longest period.
const LONGEST: i32 = 366;

/// From one day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// One day.
    pub fn only(day: Date) -> Self {
        Self { from: day, to: day }
    }

    /// What was asked for; up to today and thirty days long where nothing else is said.
    pub fn of(from: Option<Date>, to: Option<Date>, today: Date) -> Result<Self, Invalid> {
        let to = known("to", to.unwrap_or(today))?;
        let usual = to.saturating_sub((USUAL - 1).days());
        let from = known("from", from.unwrap_or(usual))?;
        if from > to {
            return Err(Invalid { what: "from", why: "must not be after to" });
        }
        let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
        if days >= LONGEST {
            return Err(Invalid { what: "from", why: "must be at most 366 days before to" });
        }
        Ok(Self { from, to })
    }
}

fn known(what: &'static str, day: Date) -> Result<Date, Invalid> {
    if (date(2000, 1, 1)..=date(9000, 1, 1)).contains(&day) {
        return Ok(day);
    }
    Err(Invalid { what, why: "must be from 2000-01-01 to 9000-01-01" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_half_past_six_in_the_evening_of_greenwich() {
        let at = |text: &str| day(text.parse().unwrap());
        assert_eq!(at("2026-11-22T18:29:59Z"), date(2026, 11, 22));
        assert_eq!(at("2026-11-22T18:30:00Z"), date(2026, 11, 23));
    }

    #[test]
    fn a_period_is_thirty_days_unless_said_otherwise() {
        let today = date(2026, 11, 22);
        let usual = Period::of(None, None, today).unwrap();
        assert_eq!((usual.from, usual.to), (date(2026, 10, 24), today));
        let single = Period::of(Some(today), Some(today), today).unwrap();
        assert_eq!(single, Period::only(today));
    }

    #[test]
    fn a_period_does_not_run_backwards_nor_for_ever() {
        let of = |from, to| Period::of(Some(from), Some(to), date(2026, 11, 22));
        assert!(of(date(2026, 1, 2), date(2026, 1, 1)).is_err());
        assert!(of(date(2024, 1, 1), date(2024, 12, 31)).is_ok(), "366 days");
        assert!(of(date(2024, 1, 1), date(2025, 1, 1)).is_err(), "367 days");
        assert!(of(Date::MIN, Date::MAX).is_err());
        assert!(Period::of(None, Some(Date::MIN), date(2026, 11, 22)).is_err());
    }
}

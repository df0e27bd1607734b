//! India's clock, five and a half hours ahead of UTC all year: the days and years of trade and taxes are its.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Error, Timestamp};

const AHEAD_S: i32 = 5 * 3600 + 30 * 60;

fn offset() -> Offset {
    Offset::from_seconds(AHEAD_S).unwrap_or(Offset::UTC)
}

/// What it shows.
#[must_use]
pub fn clock(at: Timestamp) -> DateTime {
    offset().to_datetime(at)
}

/// The day.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    clock(at).date()
}

/// When it shows this. Fails at the edges of what a [`Timestamp`] can be.
pub fn moment(clock: DateTime) -> Result<Timestamp, Error> {
    offset().to_timestamp(clock)
}

#[cfg(test)]
mod tests {
    use super::{clock, day, moment};

    #[test]
    fn a_day_turns_at_half_past_six_in_the_evening_of_utc() {
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(day(at("2026-11-22T18:29:59Z")).to_string(), "2026-11-22");
        assert_eq!(day(at("2026-11-22T18:30:00Z")).to_string(), "2026-11-23");
        let noon = at("2026-11-22T06:30:00Z");
        assert_eq!(moment(clock(noon)).unwrap(), noon);
        assert_eq!(clock(noon).hour(), 12);
    }
}

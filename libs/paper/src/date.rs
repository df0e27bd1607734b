//! Days and moments by India's clock, because the financial year turns there.

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};
use krilla::metadata::DateTime;

const MINUTES_AHEAD: i64 = 5 * 60 + 30;

/// The date, such as `22 Nov 2026`.
pub fn day(at: Timestamp) -> String {
    in_india(at).strftime("%d %b %Y").to_string()
}

/// The date and the time, such as `22 Nov 2026, 17:03 IST`.
pub fn moment(at: Timestamp) -> String {
    in_india(at).strftime("%d %b %Y, %H:%M IST").to_string()
}

/// The date as machines write it, such as `2026-11-22`.
pub fn iso_day(at: Timestamp) -> String {
    in_india(at).date().to_string()
}

/// The creation date in the file's own properties.
pub(crate) fn of_file(at: Timestamp) -> Option<DateTime> {
    let at = in_india(at);
    let part = |number: i8| u8::try_from(number).ok();
    Some(
        DateTime::new(u16::try_from(at.year()).ok()?)
            .month(part(at.month())?)
            .day(part(at.day())?)
            .hour(part(at.hour())?)
            .minute(part(at.minute())?)
            .second(part(at.second())?)
            .utc_offset_hour(5)
            .utc_offset_minute(30),
    )
}

fn in_india(at: Timestamp) -> civil::DateTime {
    let ahead = SignedDuration::from_mins(MINUTES_AHEAD);
    // Only the last hours of the year 9999 cannot be shifted.
    Offset::UTC.to_datetime(at.checked_add(ahead).unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_india() {
        let before: Timestamp = "2026-03-31T18:29:59Z".parse().unwrap();
        let after: Timestamp = "2026-03-31T18:30:00Z".parse().unwrap();

        assert_eq!(day(before), "31 Mar 2026");
        assert_eq!(iso_day(after), "2026-04-01");
        assert_eq!(moment(after), "01 Apr 2026, 00:00 IST");
    }
}

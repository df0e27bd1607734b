//! Times as mail says them: by the clocks of India.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// India is five and a half hours ahead.
const IST_S: i32 = 19_800;

/// `24 November 2026, 17:30 IST`.
pub fn by_the_clock(at: Timestamp) -> String {
    let india = TimeZone::fixed(Offset::from_seconds(IST_S).unwrap_or(Offset::UTC));
    at.to_zoned(india).strftime("%-d %B %Y, %H:%M IST").to_string()
}

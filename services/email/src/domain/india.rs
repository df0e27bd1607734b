//! Times as mail says them: by the clocks of India.

use jiff::Timestamp;

/// `24 November 2026`.
pub fn day(at: Timestamp) -> String {
    kernel::india::day(at).strftime("%-d %B %Y").to_string()
}

/// `24 November 2026, 17:30 IST`.
pub fn by_the_clock(at: Timestamp) -> String {
    kernel::india::clock(at).strftime("%-d %B %Y, %H:%M IST").to_string()
}

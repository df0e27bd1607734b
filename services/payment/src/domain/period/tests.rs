//! The time that a statement is about: a month or a week, by India's clock.

use jiff::civil::date;

use super::*;

#[test]
fn months_and_weeks_are_read_as_they_are_written() {
    for (text, first, last) in [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-W49", date(2026, 11, 30), date(2026, 12, 6)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
    ] {
        let period = Period::parse(text).unwrap();
        assert_eq!((period.first(), period.last()), (first, last));
        assert_eq!(period.to_string(), text);
    }
    assert_eq!(Period::week_of(date(2027, 1, 3)).to_string(), "2026-W53");
    for text in ["", "2026", "2026-13", "2026-1", "2026-W54", "2026-W1", "2026-11-01", "+026-11"] {
        assert_eq!(Period::parse(text), None, "{text}");
    }
}

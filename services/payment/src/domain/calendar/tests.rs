//! Days by India's clock: when sellers are paid, and what a year or a month of the books is.

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
    let sold = at("2027-03-31T18:29:59Z");
    assert!(!is_of_earlier_year(sold, sold));
    assert!(is_of_earlier_year(sold, at("2027-03-31T18:30:00Z")), "it is April in India");
}

//! Which rates of GST the goods of an HSN code may bear.

use jiff::civil::date;

use super::*;

#[test]
fn prefixes_are_two_to_eight_digits_of_a_chapter_of_goods() {
    for good in ["01", "610", "6109", "61091000"] {
        assert!(HsnPrefix::parse(good).is_ok(), "{good}");
    }
    for wrong in ["", "6", "00", "99", "996", "610910001", "61a"] {
        assert!(HsnPrefix::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_rate_ends_after_it_began_and_stands_once() {
    let from = date(2025, 9, 22);
    let rate = |valid_to| DatedRate { rate_bp: 500, valid_from: from, valid_to };
    assert_eq!(Rule::Rates(vec![rate(None)]).check(), Ok(()));
    assert_eq!(Rule::Rates(vec![rate(Some(from))]).check(), Ok(()));
    assert!(Rule::Rates(vec![rate(Some(date(2025, 9, 21)))]).check().is_err());
    assert!(Rule::Rates(vec![rate(None), rate(Some(from))]).check().is_err());
    assert!(Rule::Rates(vec![DatedRate { rate_bp: 10_001, ..rate(None) }]).check().is_err());
}

//! What may be asked, to the letter.

use super::*;

#[test]
fn a_text_of_200_characters_is_taken_and_of_201_refused() {
    assert!(SearchText::parse(&"म".repeat(200)).is_ok());
    assert_eq!(SearchText::parse(&"म".repeat(201)), Err(QueryRefused::TextTooLong));
}

#[test]
fn twenty_words_are_taken_and_twenty_one_refused() {
    assert!(SearchText::parse(&"or ".repeat(20)).is_ok());
    assert_eq!(SearchText::parse(&"or ".repeat(21)), Err(QueryRefused::TooManyWords));
}

#[test]
fn blanks_ask_for_everything_and_signs_for_nothing() {
    assert_eq!(SearchText::parse(" \t"), Ok(SearchText::Nothing));
    assert_eq!(SearchText::parse("%*"), Ok(SearchText::Pieces(vec![])));
}

#[test]
fn ratings_have_up_to_two_decimals() {
    let read = |text| MinRating::parse(text).map(MinRating::hundredths);
    assert_eq!(read("4"), Ok(400));
    assert_eq!(read("4.5"), Ok(450));
    assert_eq!(read("3.05"), Ok(305));
    for wrong in ["", ".", "5.01", "6", "4.", "4.123", "-1", "+4", "4,5", "١", "NaN", "1e1"] {
        assert_eq!(read(wrong), Err(QueryRefused::BadRating), "{wrong}");
    }
}

#[test]
fn impossible_prices_and_limits_are_refused() {
    assert!(PriceRange::new(Some(-1), None).is_err());
    assert!(PriceRange::new(Some(2), Some(1)).is_err());
    assert!(PriceRange::new(None, Some(-1)).is_err());
    assert!(PriceRange::new(Some(7), Some(7)).is_ok_and(|range| range.holds(7)));
    assert!(Limit::new(0).is_err() && Limit::new(101).is_err() && Limit::new(100).is_ok());
}

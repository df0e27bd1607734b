//! The address book.

use kernel::{Line, Phone, Pincode, StateCode};

use super::{Address, Place};
use crate::domain::Refused;

fn place(pincode: &str, state: &str) -> Place {
    Place {
        recipient: Line::parse("Asha Rao").unwrap(),
        phone: Phone::parse("9876543210").unwrap(),
        line1: Line::parse("12 MG Road").unwrap(),
        line2: None,
        city: Line::parse("Bengaluru").unwrap(),
        state: StateCode::parse(state).unwrap(),
        pincode: Pincode::parse(pincode).unwrap(),
    }
}

#[test]
fn a_pincode_must_lie_in_its_state() {
    assert!(place("560001", "29").check().is_ok());
    for (pincode, state, wrong) in [("560001", "27", "/state"), ("100000", "29", "/pincode")] {
        let Err(Refused::Field { pointer, .. }) = place(pincode, state).check() else {
            panic!("{pincode} was believed to lie in {state}");
        };
        assert_eq!(pointer, wrong);
    }
}

#[test]
fn army_post_lies_in_the_state_that_is_stated() {
    assert!(place("900056", "29").check().is_ok());
    assert!(place("937056", "08").check().is_ok());
}

#[test]
fn a_pincode_on_a_border_may_lie_in_either_state() {
    assert!(place("605007", "34").check().is_ok());
    assert!(place("605007", "33").check().is_ok());
}

#[test]
fn a_book_holds_fifty_entries() {
    assert!(Address::add(place("560001", "29"), 49).is_ok());
    assert_eq!(Address::add(place("560001", "29"), 50), Err(Refused::BookFull));
}

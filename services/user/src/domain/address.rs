//! The address book.

use kernel::{AddressId, Line, Phone, Pincode, StateCode};

use super::Refused;

/// Where somebody receives parcels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub recipient: Line<100>,
    /// Whom the courier calls.
    pub phone: Phone,
    pub line1: Line<200>,
    pub line2: Option<Line<200>>,
    pub city: Line<100>,
    /// The place of supply.
    pub state: StateCode,
    pub pincode: Pincode,
}

impl Place {
    /// Checks that the postal code can lie in the state: the state decides which tax is due.
    pub fn check(self) -> Result<Self, Refused> {
        let states = self.pincode.states();
        if states.is_empty() {
            return Err(Refused::Field { pointer: "/pincode", why: "pincode: in no known region" });
        }
        if !states.contains(&self.state) {
            let why = "state: the pincode does not lie in this state";
            return Err(Refused::Field { pointer: "/state", why });
        }
        Ok(self)
    }
}

/// One entry of an address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub id: AddressId,
    /// Which edition of it, from 1.
    pub version: i32,
    pub place: Place,
}

impl Address {
    /// A new entry, if a book that already has `entries` has room for it.
    pub fn add(place: Place, entries: usize) -> Result<Self, Refused> {
        // The whole book travels in one event.
        if entries >= 50 {
            return Err(Refused::BookFull);
        }
        Ok(Self { id: AddressId::new(), version: 1, place })
    }

    pub fn edit(&mut self, place: Place) {
        self.place = place;
        self.version += 1;
    }
}

#[cfg(test)]
mod tests {
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
        for (pincode, state, wrong) in [("560001", "27", "/state"), ("999999", "29", "/pincode")] {
            let Err(Refused::Field { pointer, .. }) = place(pincode, state).check() else {
                panic!("{pincode} was believed to lie in {state}");
            };
            assert_eq!(pointer, wrong);
        }
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
}

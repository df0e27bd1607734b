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
    /// Checks that the postal code can lie in the state: the state decides which tax is due. Army post may lie in any.
    pub fn check(self) -> Result<Self, Refused> {
        if self.pincode.is_army_post() {
            return Ok(self);
        }
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
mod tests;

//! Where a seller does business.

use kernel::{Gstin, Line, Pincode, StateCode};

use super::flaw::Flaw;

/// A place of business. Its state is where supplies start, and so decides which tax is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub line1: Line<200>,
    pub line2: Option<Line<200>>,
    pub city: Line<100>,
    pub state: StateCode,
    pub pincode: Pincode,
}

impl Address {
    /// What cannot be: a postal code outside of the state, a state that is not the registration's.
    pub fn flaws(&self, gstin: Option<&Gstin>) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !self.pincode.states().contains(&self.state) {
            flaws.push(Flaw::at("/address/pincode", "does not lie in the state"));
        }
        // Old registrations carry codes of states that have merged or been divided since.
        if gstin.is_some_and(|gstin| gstin.state().current() != self.state) {
            flaws.push(Flaw::at("/address/state", "is not the state of the GSTIN"));
        }
        flaws
    }
}

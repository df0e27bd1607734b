//! Indian postal codes, and the states they may lie in.

mod regions;

use crate::StateCode;
use crate::text::{Plain, Text, TextKind};

/// Marks Indian postal codes.
pub enum PincodeKind {}
/// An Indian postal code: six digits, the first not 0.
pub type Pincode = Text<PincodeKind>;

impl TextKind for PincodeKind {
    const WHAT: &'static str = "pincode";
    const SCHEMA: &'static str = "Pincode";
    const PATTERN: &'static str = "^[1-9][0-9]{5}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        if raw.len() != 6 || !raw.bytes().all(|b| b.is_ascii_digit()) {
            return Err("must be six digits");
        }
        if raw.starts_with('0') {
            return Err("must not begin with 0");
        }
        Ok(raw.to_owned())
    }
}

impl Plain for PincodeKind {}

impl Pincode {
    /// The states this code may lie in, the likeliest first; none when it is in no known region.
    ///
    /// The table knows sorting districts and the border cases we know of, not post offices: a
    /// code that no post office uses has states too, and a border case may be missing. The state
    /// that the buyer states in the address is what counts; this helps to fill and to doubt it.
    pub fn states(&self) -> Vec<StateCode> {
        let number = self.as_str().parse().unwrap_or_default();
        regions::states_of(number).iter().filter_map(|code| StateCode::parse(code).ok()).collect()
    }

    /// Whether it is one of the Army Postal Service (the first digit 9, such as 900056 for 56 APO), which lies in no
    /// state: only who lives there can say where its goods are supplied.
    #[must_use]
    pub fn is_army_post(&self) -> bool {
        self.as_str().starts_with('9')
    }

    /// The state of this code, if there is exactly one.
    pub fn state(&self) -> Option<StateCode> {
        match self.states()[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

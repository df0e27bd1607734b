//! Under which scheme of goods and services tax a seller supplies, and what follows for its sales.

use kernel::StateCode;
use strum::{EnumString, IntoStaticStr};

/// How the tax offices know a seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Scheme {
    /// Registered: its prices contain tax.
    Regular,
    /// Registered under composition: it pays its tax itself and may not charge any.
    Composition,
    /// Not registered: it owes no tax.
    Enrolled,
}

impl Scheme {
    /// Of a seller that was never asked: with a registration it is regular, without one enrolled.
    pub const fn unasked(has_gstin: bool) -> Self {
        if has_gstin { Self::Regular } else { Self::Enrolled }
    }

    /// Whether it is registered for goods and services tax.
    pub const fn has_gstin(self) -> bool {
        match self {
            Self::Regular | Self::Composition => true,
            Self::Enrolled => false,
        }
    }

    /// Whether a seller in `from` may supply to `place` through a marketplace: who may not charge tax may within its own
    /// state only (notification 34/2023, and section 10(2) of the CGST Act).
    pub fn may_supply(self, from: StateCode, place: StateCode) -> bool {
        self == Self::Regular || from.current() == place.current()
    }

    /// The tax a price contains: of goods that bear `gst_rate_bp` by law.
    pub const fn rate_bp(self, gst_rate_bp: u32) -> u32 {
        match self {
            Self::Regular => gst_rate_bp,
            Self::Composition | Self::Enrolled => 0,
        }
    }

    /// The rate of tax collected at source: none of those who are not registered (notification 37/2023).
    pub const fn tcs_bp(self, tcs_bp: u32) -> u32 {
        if self.has_gstin() { tcs_bp } else { 0 }
    }
}

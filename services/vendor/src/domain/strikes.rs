//! What counts against a seller.

use strum::IntoStaticStr;

/// Why it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Strike {
    /// It did not supply what was ordered.
    Rejected,
    /// It did not accept or ship in time.
    Late,
}

/// How much of it there was lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Strikes {
    pub rejected: i64,
    pub late: i64,
}

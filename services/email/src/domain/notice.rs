//! A deadline that a seller is told of.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::india;
use super::text::one_line;

/// The longest number shown.
const LONGEST: usize = 120;

/// What a seller has to do in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ToDo {
    /// Say that it supplies.
    Accept,
    /// Give the parcel to a carrier.
    Ship,
}

/// A deadline that is near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The seller order's number.
    pub number: String,
    pub to_do: ToDo,
    pub due_at: Timestamp,
}

impl Notice {
    /// The deadline of the seller order with this number.
    #[must_use]
    pub fn of(number: &str, to_do: ToDo, due_at: Timestamp) -> Self {
        Self { number: one_line(number, LONGEST), to_do, due_at }
    }

    /// Until when.
    pub fn until(&self) -> String {
        india::by_the_clock(self.due_at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Notice, ToDo};

    #[test]
    fn the_deadline_is_said_by_indias_clock() {
        let notice = Notice::of("M1-1", ToDo::Ship, "2026-11-30T18:30:00Z".parse().unwrap());
        assert_eq!(notice.until(), "1 December 2026, 00:00 IST");
    }
}

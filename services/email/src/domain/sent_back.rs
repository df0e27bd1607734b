//! What a buyer sends back: what mail says of it. Words of the two are read at Mall, not in mail.

use contracts::order::{ReturnChanged, ReturnReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::india;
use super::text::one_line;

/// The longest title or number shown.
const LONGEST: usize = 200;

/// Why a buyer sends something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// It came broken.
    Damaged,
    /// It does not work.
    Defective,
    /// It is not what was ordered.
    WrongItem,
    /// It is not as described.
    NotAsDescribed,
    /// It does not fit.
    DoesNotFit,
    /// The buyer changed their mind.
    ChangedMind,
    /// Something else.
    Otherwise,
}

impl From<ReturnReason> for Wish {
    fn from(reason: ReturnReason) -> Self {
        match reason {
            ReturnReason::Damaged => Self::Damaged,
            ReturnReason::Defective => Self::Defective,
            ReturnReason::WrongItem => Self::WrongItem,
            ReturnReason::NotAsDescribed => Self::NotAsDescribed,
            ReturnReason::DoesNotFit => Self::DoesNotFit,
            ReturnReason::ChangedMind => Self::ChangedMind,
            ReturnReason::Unknown => Self::Otherwise,
        }
    }
}

/// A line that is sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// What it was called in the order.
    pub title: String,
    pub quantity: u32,
}

/// A return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// The seller order's number.
    pub number: String,
    pub why: Wish,
    pub lines: Vec<SentLine>,
    /// Until when somebody can do something; nobody can when it is open.
    pub until: Option<Timestamp>,
    /// Whether the seller had refused it, and that does not stand.
    #[serde(default)]
    pub overruled: bool,
}

impl SentBack {
    #[must_use]
    pub fn of(event: &ReturnChanged) -> Self {
        let lines = event.lines.iter().map(|line| SentLine {
            title: one_line(&line.title, LONGEST),
            quantity: line.quantity,
        });
        Self {
            number: one_line(&event.seller_order.number, LONGEST),
            why: event.reason.into(),
            lines: lines.collect(),
            until: event.until,
            overruled: false,
        }
    }

    /// `until` by the clocks of India: `24 November 2026, 17:30 IST`.
    pub fn until(&self) -> Option<String> {
        self.until.map(india::by_the_clock)
    }
}

#[cfg(test)]
mod tests {
    use testkit::sample;

    use super::SentBack;

    #[test]
    fn times_are_those_of_india() {
        let sent = SentBack::of(&sample());
        assert_eq!(sent.until().as_deref(), Some("24 November 2026, 17:30 IST"));
        assert_eq!(sent.lines[0].title, "Brass lamp, 18 inch");
    }
}

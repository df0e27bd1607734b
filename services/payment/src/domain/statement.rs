//! A seller's statement: what it was owed before a period, every posting of it, and what it was owed then.

use jiff::Timestamp;
use kernel::{Money, MoneyError};

use super::earning::Parts;
use super::ledger::PENDING;
use super::period::Period;

/// What a seller is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Not due yet.
    pub pending: Money,
    /// Due to be paid out.
    pub available: Money,
}

/// A posting of a statement.
#[derive(Debug, Clone)]
pub struct Entry {
    pub account: String,
    /// What brought it about.
    pub cause: String,
    pub order_number: Option<String>,
    /// How much more the seller is owed by it.
    pub amount: Money,
    /// What the buyer's money is made of, where something was sold or taken back.
    pub parts: Option<Parts>,
    pub posted_at: Timestamp,
}

impl Entry {
    /// Whether it is about what is not due yet.
    pub fn is_pending(&self) -> bool {
        self.account == PENDING
    }

    /// What brought it about, in a seller's words.
    pub fn what(&self) -> &str {
        let kind = self.cause.split_once(':').map_or(self.cause.as_str(), |(kind, _)| kind);
        match kind {
            "capture" => "sold",
            "cod" => "sold for cash",
            "credit" => "taken back",
            "release" => "released",
            "payout" => "paid out",
            "payout_back" => "payout came back",
            "tds_year" => "income tax of the year",
            "write_off" => "written off",
            "tds_late" => "income tax of a year that is over",
            _ => kind,
        }
    }
}

/// Everything that happened in a period to what a seller is owed.
#[derive(Debug, Clone)]
pub struct Statement {
    pub period: Period,
    pub opening: Balance,
    /// Each posting with what the seller is owed after it, the oldest first.
    pub lines: Vec<(Entry, Balance)>,
    pub closing: Balance,
}

impl Statement {
    /// The statement of a period over these postings.
    pub fn of(period: Period, opening: Balance, entries: Vec<Entry>) -> Result<Self, MoneyError> {
        let mut closing = opening;
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries {
            let side =
                if entry.is_pending() { &mut closing.pending } else { &mut closing.available };
            *side = side.add(entry.amount)?;
            lines.push((entry, closing));
        }
        Ok(Self { period, opening, lines, closing })
    }
}

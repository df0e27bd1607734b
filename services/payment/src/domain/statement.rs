//! A seller's statement: what it was owed before a period, every posting of it, and what it was owed then.

use contracts::order::CreditCause;
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
    /// Of what was taken back why, as the credit says it, where that was kept.
    pub why: Option<String>,
    pub posted_at: Timestamp,
}

impl Entry {
    /// Whether it is about what is not due yet.
    pub fn is_pending(&self) -> bool {
        self.account == PENDING
    }

    /// What brought it about, in a seller's words.
    pub fn what(&self) -> &str {
        what(&self.cause)
    }

    /// The same, and why.
    pub fn told(&self) -> String {
        told(&self.cause, self.why.as_deref())
    }
}

/// What brought a posting about, in a seller's words.
pub fn what(cause: &str) -> &str {
    let kind = cause.split_once(':').map_or(cause, |(kind, _)| kind);
    match kind {
        "capture" | "accept" => "sold",
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

/// Why something was taken back, in a seller's words; none of a cause that is newer than this build.
pub fn reason(why: &str) -> Option<&'static str> {
    Some(match serde_json::from_value(why.into()).ok()? {
        CreditCause::BuyerCancelled => "cancelled by the buyer",
        CreditCause::StaffCancelled => "cancelled by staff",
        CreditCause::VendorRejected => "rejected by the seller",
        CreditCause::SlaExpired => "not accepted or shipped in time",
        CreditCause::Unavailable => "out of stock when it was paid",
        CreditCause::ReturnedToOrigin => "not delivered and came back",
        CreditCause::Lost => "lost on its way",
        CreditCause::Returned => "sent back by the buyer",
        CreditCause::Disputed => "taken by the buyer's bank",
        CreditCause::PriceReduced => "price reduced",
        CreditCause::Unknown => return None,
    })
}

/// What brought a posting about and, of what was taken back, why: `taken back: lost on its way`.
pub fn told(cause: &str, why: Option<&str>) -> String {
    match why.and_then(reason) {
        Some(why) => format!("{}: {why}", what(cause)),
        None => what(cause).to_owned(),
    }
}

/// Everything that happened in a period to what a seller is owed.
#[derive(Debug, Clone)]
pub struct Statement {
    pub period: Period,
    pub opening: Balance,
    /// Each posting with what the seller is owed after it, the oldest first.
    pub lines: Vec<(Entry, Balance)>,
    /// What it is owed after all of them.
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

    /// What the last balance is: of a period that is not over, only what there is so far.
    pub fn last_words(&self, now: Timestamp) -> &'static str {
        if self.period.is_over(now) { "closing balance" } else { "balance so far" }
    }
}

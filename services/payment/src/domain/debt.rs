//! A seller who owes us, because something was taken back after it was paid out, and what becomes of it when it stays so.

use jiff::{SignedDuration, Timestamp};
use kernel::ids::WriteOffMark;
use kernel::{Money, VendorId};
use serde::{Deserialize, Serialize};

use super::proposal::{Matter, MatterKind};
use super::refused::Refused;

/// After this it is said that a seller owes us.
const OVERDUE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// After this it may be written off.
const LOST: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The time since which whoever owes us is overdue.
pub fn overdue_since(now: Timestamp) -> Timestamp {
    now.checked_sub(OVERDUE).unwrap_or(Timestamp::MIN)
}

/// What a seller owes us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debt {
    pub vendor_id: VendorId,
    pub owed: Money,
    /// When what the seller has available fell below nothing.
    pub since: Timestamp,
}

impl Debt {
    /// From when on it may be written off.
    pub fn lost_from(&self) -> Timestamp {
        self.since.checked_add(LOST).unwrap_or(Timestamp::MAX)
    }

    /// Whether `amount` of it may be written off.
    pub fn check(&self, amount: Money, now: Timestamp) -> Result<(), Refused> {
        if now < self.lost_from() {
            return Err(Refused::NotWritableOff("the seller has not owed us for sixty days"));
        }
        if amount.currency() == self.owed.currency() && amount.minor() <= self.owed.minor() {
            Ok(())
        } else {
            Err(Refused::NotWritableOff("the seller does not owe us so much any more"))
        }
    }
}

/// What a seller owed and will not pay.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteOff {
    pub vendor_id: VendorId,
    pub amount: Money,
    /// In staff's words.
    pub reason: String,
}

impl Matter for WriteOff {
    type Mark = WriteOffMark;
    const KIND: MatterKind = MatterKind::WriteOff;

    fn subject(&self) -> String {
        self.vendor_id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_owed_for_sixty_days_may_be_written_off() {
        let since = Timestamp::UNIX_EPOCH;
        let debt = Debt { vendor_id: VendorId::new(), owed: Money::inr(100), since };
        let then = debt.lost_from();
        assert_eq!(then.duration_since(since).as_hours(), 60 * 24);
        assert_eq!(debt.check(Money::inr(100), then), Ok(()));
        let early = then - SignedDuration::from_secs(1);
        assert!(debt.check(Money::inr(100), early).is_err());
        assert!(debt.check(Money::inr(101), then).is_err(), "some was paid meanwhile");
    }
}

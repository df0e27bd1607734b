//! What the provider settles to our bank, and whether our books have the same.

use kernel::ids::ExplanationMark;
use kernel::{Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::proposal::{Matter, MatterKind};

/// What a row of a settlement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SettledKind)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    /// A capture.
    Payment,
    /// Money that went back.
    Refund,
    /// Money that a bank asked back, or that came back from there.
    Dispute,
    /// A settlement as a whole.
    Settlement,
    /// Something that our books have no name for.
    Other,
}

/// A row of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The provider's name for the settlement.
    pub settlement_id: String,
    pub kind: Kind,
    /// The provider's name for the row.
    pub entity_id: String,
    /// The provider's name for what it is about.
    pub name: String,
    /// What went to our bank; negative where it came from there.
    pub net: Money,
    /// What the provider kept, with the tax on it.
    pub fee: Money,
    /// The tax in that.
    pub tax: Money,
    /// The bank's number for the transfer.
    pub bank_reference: Option<String>,
}

/// What went to our bank by one settlement, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub id: String,
    pub net: Money,
    pub fee: Money,
    pub tax: Money,
    pub bank_reference: Option<String>,
}

impl Settlement {
    /// What the provider had of ours and has no more.
    pub fn gross(&self) -> Result<Money, MoneyError> {
        self.net.add(self.fee)
    }
}

/// Why a row or a record of ours does not fit. `unknown`: our books have nothing of that name. `missing`: the provider
/// should have settled it by then. `amount`: the provider says another amount than our books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DifferenceReason)]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Why {
    /// Our books have nothing of that name.
    Unknown,
    /// The provider should have settled it by then.
    Missing,
    /// The provider says another amount than our books.
    Amount,
}

/// What the provider settled of one thing, and what our books have of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub kind: Kind,
    pub name: String,
    pub currency: Currency,
    /// By all settlements together.
    pub theirs: i64,
    /// With what staff explained of it. None where it is not known here, or is in another currency.
    pub ours: Option<i64>,
    /// A dispute that was won moved twice: what was taken came back, at once or by a later settlement.
    pub may_be_back: bool,
}

impl Compared {
    /// Why it does not fit, if it does not.
    pub const fn judge(&self) -> Option<Why> {
        match self.ours {
            None => Some(Why::Unknown),
            Some(ours) if ours == self.theirs => None,
            Some(_) if self.may_be_back && self.theirs == 0 => None,
            Some(_) => Some(Why::Amount),
        }
    }
}

/// What lies between the provider and our books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub kind: Kind,
    /// The provider's name for what it is about.
    pub name: String,
    /// Nothing where our books have nothing.
    pub ours: Money,
    pub theirs: Money,
    /// Whether it is a difference still.
    pub is_open: bool,
}

impl Gap {
    /// By how much what the provider holds for us has to rise in our books, so that it is what the provider says. What is
    /// settled leaves it, and so does a settlement as a whole, which is booked as having left it.
    pub fn amount(&self) -> Result<Money, MoneyError> {
        let (more, less) = match self.kind {
            Kind::Settlement => (self.ours, self.theirs),
            Kind::Payment | Kind::Refund | Kind::Dispute | Kind::Other => (self.theirs, self.ours),
        };
        more.sub(less)
    }

    /// Whether what is compared now says the same.
    pub fn is_still(&self, now: &Compared) -> bool {
        let amounts = (self.ours.minor(), self.theirs.minor());
        now.judge().is_some() && (now.ours.unwrap_or(0), now.theirs) == amounts
    }
}

/// What staff say that a difference is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Explanation {
    pub difference_id: i64,
    /// By how much what the provider holds for us rises in our books.
    pub amount: Money,
    pub reason: String,
}

impl Matter for Explanation {
    type Mark = ExplanationMark;
    const KIND: MatterKind = MatterKind::Explanation;

    fn subject(&self) -> String {
        self.difference_id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_books_have_fits() {
        let compared = |ours, theirs, may_be_back| {
            let name = "pay_1".to_owned();
            let (kind, currency) = (Kind::Dispute, Currency::Inr);
            Compared { kind, name, currency, theirs, ours, may_be_back }.judge()
        };
        assert_eq!(compared(Some(100), 100, false), None);
        assert_eq!(compared(Some(100), 200, false), Some(Why::Amount), "settled twice");
        assert_eq!(compared(None, 100, false), Some(Why::Unknown));
        assert_eq!(compared(Some(-100), -100, true), None, "it comes back with a later one");
        assert_eq!(compared(Some(-100), 0, true), None);
        assert_eq!(compared(Some(-100), 0, false), Some(Why::Amount));
        assert_eq!(compared(Some(-100), 100, true), Some(Why::Amount));
    }
}

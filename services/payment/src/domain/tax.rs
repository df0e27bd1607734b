//! What is owed to the tax offices, and what was deposited there.

use kernel::ids::TaxDepositMark;
use kernel::{Money, MoneyError};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use super::proposal::{Matter, MatterKind};
use super::refused::Refused;
use super::tax_period::TaxMonth;

/// Which tax. `tcs`: collected at source from sellers under section 52 of the CGST Act. `tds`: income tax deducted at
/// source from sellers. `gst`: on what the platform earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum TaxKind {
    /// Collected at source from sellers.
    Tcs,
    /// Income tax deducted at source from sellers.
    Tds,
    /// On what the platform earned.
    Gst,
}

/// Whether a supply stayed in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Supply {
    /// Within one state.
    Intra,
    /// Between two.
    Inter,
}

/// A tax by head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaxHeads)]
pub struct Heads {
    /// The centre's half of what stayed in one state.
    pub cgst: Money,
    /// The other half, of the state or union territory.
    pub sgst: Money,
    /// Of what was supplied between states.
    pub igst: Money,
    /// Of what was sold before it was kept where to: it has to be found out from the invoices.
    pub unknown: Money,
}

impl Heads {
    /// The heads of what came of supplies of this sort.
    pub fn of(amount: Money, supply: Option<Supply>) -> Result<Self, MoneyError> {
        let zero = Money::zero(amount.currency());
        let none = Self { cgst: zero, sgst: zero, igst: zero, unknown: zero };
        Ok(match supply {
            // Both halves were rounded on their own, and are equal.
            Some(Supply::Intra) => {
                let cgst = Money::new(amount.minor() / 2, amount.currency());
                Self { cgst, sgst: amount.sub(cgst)?, ..none }
            }
            Some(Supply::Inter) => Self { igst: amount, ..none },
            None => Self { unknown: amount, ..none },
        })
    }
}

/// What was paid to a tax office for a month.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deposit {
    pub kind: TaxKind,
    pub month: TaxMonth,
    pub amount: Money,
    /// The number of the challan.
    pub reference: String,
}

impl Matter for Deposit {
    type Mark = TaxDepositMark;
    const KIND: MatterKind = MatterKind::TaxDeposit;

    fn subject(&self) -> String {
        self.reference.clone()
    }
}

/// What is due of a month, and what was deposited or reported for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub due: Money,
    pub deposited: Money,
}

impl Deposit {
    /// Whether this is all that there is room for.
    pub fn check(&self, month: Due) -> Result<(), Refused> {
        let room = month.due.sub(month.deposited).map_err(|_| TOO_MUCH)?;
        let fits = self.amount.currency() == room.currency() && self.amount.minor() <= room.minor();
        if fits { Ok(()) } else { Err(TOO_MUCH) }
    }

    /// Whether it says the same as `other`.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.month, self.amount) == (other.kind, other.month, other.amount)
    }
}

const TOO_MUCH: Refused = Refused::NotDepositable("it is more than is due of that month");

#[cfg(test)]
mod tests {
    use super::*;

    fn deposit(amount: Money) -> Deposit {
        Deposit {
            kind: TaxKind::Tcs,
            month: TaxMonth::parse("2026-11").unwrap(),
            amount,
            reference: "CPIN0000000001".into(),
        }
    }

    #[test]
    fn a_tax_within_a_state_has_two_equal_heads() {
        let amount = Money::inr(634);
        let intra = Heads::of(amount, Some(Supply::Intra)).unwrap();
        assert_eq!(
            (intra.cgst, intra.sgst, intra.igst.minor()),
            (Money::inr(317), Money::inr(317), 0)
        );
        assert_eq!(Heads::of(amount, Some(Supply::Inter)).unwrap().igst, amount);
        assert_eq!(Heads::of(amount, None).unwrap().unknown, amount);
    }

    #[test]
    fn no_more_is_deposited_than_is_due() {
        let month = Due { due: Money::inr(1_735), deposited: Money::inr(735) };
        assert_eq!(deposit(Money::inr(1_000)).check(month), Ok(()));
        assert!(deposit(Money::inr(1_001)).check(month).is_err());
        let foreign = Money::new(1, kernel::Currency::Usd);
        assert!(deposit(foreign).check(month).is_err());
    }
}

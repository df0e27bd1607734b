//! What the platform charges a seller for a month, and what it takes back of months before.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::gst::Tax;
use kernel::{InvoiceNumber, Money, MoneyError, StateCode, SupplyType};
use serde::{Deserialize, Serialize};

use super::party::{Recipient, Supplier};

/// Services accounting code: support services that are classified nowhere else.
pub const SAC: &str = "998599";
/// The rate of tax on such services, in hundredths of a percent; it is printed, the tax is what was booked.
pub const RATE_BP: u32 = 1_800;

/// What kind of statement the paper makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CommissionPurpose {
    /// The commission of the month, less what was taken back of it within the month.
    Charge,
    /// Commission of months before, taken back within the month.
    TakeBack {
        /// The platform's documents that it was charged by, newest first.
        against: Vec<Charged>,
    },
}

/// A document of the platform that is reduced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charged {
    /// Its number.
    pub number: InvoiceNumber,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// A tax invoice or a credit note of the platform to a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissionPaper {
    /// A charge, or the correction of former ones.
    pub purpose: CommissionPurpose,
    /// The serial number, consecutive within the platform's series.
    pub number: InvoiceNumber,
    /// When it was issued; the date on it is this moment's date in India.
    pub issued_at: Timestamp,
    /// The first day of the month.
    pub month: Date,
    /// The platform.
    pub supplier: Supplier,
    /// The seller.
    pub seller: Recipient,
    /// Which taxes were charged.
    pub supply: SupplyType,
    /// The commission and the tax on it, as booked.
    pub tax: Tax,
}

impl CommissionPaper {
    /// The state whose tax the service bears.
    pub fn place_of_supply(&self) -> StateCode {
        place_of_supply(&self.seller)
    }
}

/// A service to who is registered is supplied where the registration is, else where the address on record is.
pub fn place_of_supply(seller: &Recipient) -> StateCode {
    seller.gstin.as_ref().map_or(seller.address.state, kernel::Gstin::state)
}

/// What was booked of commission, and of tax on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// Before tax.
    pub commission: Money,
    /// The tax.
    pub tax: Money,
}

impl Booked {
    /// What is left after `taken_back`.
    pub fn less(self, taken_back: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            commission: self.commission.sub(taken_back.commission)?,
            tax: self.tax.sub(taken_back.tax)?,
        })
    }

    /// Whether there is nothing to write a document over.
    pub fn is_nothing(self) -> bool {
        self.commission.is_zero() && self.tax.is_zero()
    }

    /// Whether more was taken back than charged.
    pub fn is_negative(self) -> bool {
        self.commission.is_negative() || self.tax.is_negative()
    }

    /// The tax by its heads. It is what was booked, never reckoned anew: of an odd paisa from before taxes were booked in
    /// halves, the centre has it.
    pub fn by_heads(self, supply: SupplyType) -> Result<Tax, MoneyError> {
        let zero = Money::zero(self.tax.currency());
        let half = Money::new(self.tax.minor() / 2, self.tax.currency());
        let (cgst, sgst, igst) = if supply.is_inter_state() {
            (zero, zero, self.tax)
        } else {
            (self.tax.sub(half)?, half, zero)
        };
        let total = self.commission.add(self.tax)?;
        Ok(Tax { taxable: self.commission, cgst, sgst, igst, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booked(commission: i64, tax: i64) -> Booked {
        Booked { commission: Money::inr(commission), tax: Money::inr(tax) }
    }

    #[test]
    fn the_heads_add_up_to_what_was_booked() {
        let heads = |tax: i64, supply| {
            let tax = booked(14_970, tax).by_heads(supply).unwrap();
            [tax.cgst, tax.sgst, tax.igst, tax.total].map(Money::minor)
        };
        assert_eq!(heads(2_694, SupplyType::CgstSgst), [1_347, 1_347, 0, 17_664]);
        assert_eq!(heads(2_695, SupplyType::CgstUtgst), [1_348, 1_347, 0, 17_665]);
        assert_eq!(heads(2_695, SupplyType::Igst), [0, 0, 2_695, 17_665]);
    }

    #[test]
    fn a_month_that_was_taken_back_whole_leaves_nothing() {
        let month = booked(14_970, 2_694);
        assert!(month.less(month).unwrap().is_nothing());
        assert!(month.less(booked(14_971, 2_694)).unwrap().is_negative());
    }
}

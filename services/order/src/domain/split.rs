//! How the buyer's money is split: tax out of the price, commission and withheld taxes out of a seller's total.

use contracts::order::OrderLine;
use kernel::gst;
use kernel::{Money, MoneyError, StateCode, SupplyType, VendorId};

use super::scheme::Scheme;

/// How what the buyer pays for one part is shared. The rest adds up to the part's total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The total without the tax in it.
    pub taxable: Money,
    pub commission: Money,
    /// Tax on the commission.
    pub commission_tax: Money,
    /// Tax collected at source.
    pub tcs: Money,
    /// Tax deducted at source.
    pub tds: Money,
    /// What the seller is owed.
    pub payable: Money,
}

impl Share {
    /// What remains of this without `other`, component by component.
    pub fn less(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            taxable: self.taxable.sub(other.taxable)?,
            commission: self.commission.sub(other.commission)?,
            commission_tax: self.commission_tax.sub(other.commission_tax)?,
            tcs: self.tcs.sub(other.tcs)?,
            tds: self.tds.sub(other.tds)?,
            payable: self.payable.sub(other.payable)?,
        })
    }

    /// Its components.
    pub const fn components(self) -> [Money; 6] {
        [self.taxable, self.commission, self.commission_tax, self.tcs, self.tds, self.payable]
    }
}

/// By what the money of a seller order is split. Frozen with it: what is taken back later is reckoned by them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The platform's commission in basis points, before tax.
    pub commission_bp: u32,
    /// The seller's supply to the buyer.
    pub supply: SupplyType,
    pub scheme: Scheme,
    /// Whether its permanent account number was on file.
    pub has_pan: bool,
    /// Rate of tax on the commission.
    pub commission_tax_bp: u32,
    /// The platform's supply of its services to the seller. Open of what was placed before it was asked: then the tax on
    /// commission was rounded as a whole.
    pub commission_supply: Option<SupplyType>,
    /// Rate of tax collected at source; nothing of a seller who is not registered.
    pub tcs_bp: u32,
    /// Rate of tax deducted at source.
    pub tds_bp: u32,
}

/// What the law had the platform charge and withhold on some day, in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Tax on commission.
    pub commission_tax: u32,
    /// Tax collected at source.
    pub tcs: u32,
    /// Tax deducted at source from whoever gave a permanent account number.
    pub tds_with_pan: u32,
    /// The same from the others.
    pub tds_without_pan: u32,
}

impl Rates {
    /// What the law said before rates had dates: by it everything was split that has no rates of its own.
    pub const BEFORE_DATES: Self =
        Self { commission_tax: 1800, tcs: 50, tds_with_pan: 10, tds_without_pan: 500 };

    /// What is deducted from everybody with a permanent account number, small or not, and from the others.
    pub const fn tds_bp(self, has_pan: bool) -> u32 {
        if has_pan { self.tds_with_pan } else { self.tds_without_pan }
    }
}

/// What is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// What the buyer pays.
    pub gross: Money,
    /// The gross without the tax in it.
    pub taxable: Money,
    /// So much of the taxable as is a taxable supply: what is exempt or taxed at nil has no tax collected at source.
    pub taxed: Money,
}

impl Sums {
    /// Adds up lines and their delivery; `taxed` says of each line whether it is a taxable supply.
    pub fn of(lines: &[OrderLine], taxed: &[bool], shipping: Money) -> Result<Self, MoneyError> {
        let currency = shipping.currency();
        let gross = Money::sum(lines.iter().map(|line| line.total), currency)?.add(shipping)?;
        let taxable = Money::sum(lines.iter().map(|line| line.taxable), currency)?;
        let taxed = lines.iter().zip(taxed).filter(|(_, taxed)| **taxed);
        let taxed = Money::sum(taxed.map(|(line, _)| line.taxable), currency)?;
        Ok(Self { gross, taxable, taxed })
    }
}

impl Terms {
    /// Shares what the buyer pays.
    pub fn share(self, of: Sums) -> Result<Share, MoneyError> {
        let Sums { gross, taxable, taxed } = of;
        let commission = gross.share_bp(self.commission_bp);
        // In one state the tax has two halves, each rounded on its own; between states it is rounded as a whole.
        let supply = self.commission_supply.unwrap_or(SupplyType::Igst);
        let with_tax = gst::exclusive(commission, self.commission_tax_bp, supply)?.total;
        let commission_tax = with_tax.sub(commission)?;
        let tcs = gst::tcs(taxed, self.tcs_bp, self.supply)?.total()?;
        let tds = taxable.share_bp(self.tds_bp);

        let payable = gross.sub(with_tax)?.sub(tcs)?.sub(tds)?;
        Ok(Share { taxable, commission, commission_tax, tcs, tds, payable })
    }

    /// What tax is collected at source on, where so much is a taxable supply.
    pub const fn tcs_base(self, taxed: Money) -> Money {
        if self.tcs_bp == 0 { Money::zero(taxed.currency()) } else { taxed }
    }
}

/// What a seller's terms are at the moment of placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    pub vendor_id: VendorId,
    /// The name buyers see.
    pub name: String,
    /// Where its supplies start.
    pub state: StateCode,
    pub scheme: Scheme,
    /// Whether its permanent account number is on file.
    pub has_pan: bool,
    /// The platform's commission in basis points, before tax.
    pub commission_bp: u32,
}

impl Seller {
    /// Whether it may supply to `place` through a marketplace.
    pub fn may_supply_to(&self, place: StateCode) -> bool {
        self.scheme.may_supply(self.state, place)
    }

    /// The terms of what is supplied in this way, on a day of these rates, through a platform in the state `platform`.
    pub fn terms(&self, supply: SupplyType, rates: Rates, platform: StateCode) -> Terms {
        Terms {
            commission_bp: self.commission_bp,
            supply,
            scheme: self.scheme,
            has_pan: self.has_pan,
            commission_tax_bp: rates.commission_tax,
            commission_supply: Some(SupplyType::of(platform, self.state)),
            tcs_bp: self.scheme.tcs_bp(rates.tcs),
            tds_bp: rates.tds_bp(self.has_pan),
        }
    }
}

#[cfg(test)]
mod tests;

//! How the buyer's money is split: tax out of the price, commission and withheld taxes out of a seller's total.

use contracts::order::OrderLine;
use kernel::gst::{self, Payee, TCS_BP, TdsRule};
use kernel::{Money, MoneyError, StateCode, SupplyType, VendorId};

/// Tax on the platform's commission, in basis points.
const COMMISSION_GST_BP: u32 = 1800;

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
    pub supply: SupplyType,
    /// Whether the seller was registered for goods and services tax.
    pub has_gstin: bool,
    /// Whether its permanent account number was on file.
    pub has_pan: bool,
}

/// What is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// What the buyer pays.
    pub gross: Money,
    /// The gross without the tax in it.
    pub taxable: Money,
    /// So much of the taxable as bears tax: what is exempt or taxed at nil has none collected at source.
    pub taxed: Money,
}

impl Sums {
    /// Adds up lines and their delivery.
    pub fn of(lines: &[OrderLine], shipping: Money) -> Result<Self, MoneyError> {
        let currency = shipping.currency();
        let gross = Money::sum(lines.iter().map(|line| line.total), currency)?.add(shipping)?;
        let taxable = Money::sum(lines.iter().map(|line| line.taxable), currency)?;
        let taxed = lines.iter().filter(|line| line.gst_rate_bp > 0).map(|line| line.taxable);
        Ok(Self { gross, taxable, taxed: Money::sum(taxed, currency)? })
    }
}

impl Terms {
    /// Shares what the buyer pays.
    pub fn share(self, of: Sums) -> Result<Share, MoneyError> {
        let Sums { gross, taxable, taxed } = of;
        let commission = gross.share_bp(self.commission_bp);
        let commission_tax = commission.share_bp(COMMISSION_GST_BP);
        let tcs = if self.has_gstin {
            gst::tcs(taxed, TCS_BP, self.supply)?.total()?
        } else {
            Money::zero(gross.currency())
        };
        let payee = if self.has_pan { Payee::WithPan } else { Payee::WithoutPan };
        let tds = gst::tds_194o(taxable, payee, TdsRule::SINCE_OCTOBER_2024)?.amount;

        let payable = gross.sub(commission)?.sub(commission_tax)?.sub(tcs)?.sub(tds)?;
        Ok(Share { taxable, commission, commission_tax, tcs, tds, payable })
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
    /// Whether it is registered for goods and services tax.
    pub has_gstin: bool,
    /// Whether its permanent account number is on file.
    pub has_pan: bool,
    /// The platform's commission in basis points, before tax.
    pub commission_bp: u32,
}

impl Seller {
    /// Whether it may supply to `place` through a marketplace: a seller who is not registered for goods and services tax
    /// may within its own state only (notification 34/2023).
    pub fn may_supply_to(&self, place: StateCode) -> bool {
        self.has_gstin || self.state == place
    }

    /// The tax a price of this seller contains: a seller who is not registered may not charge any.
    pub fn rate_bp(&self, gst_rate_bp: u32) -> u32 {
        if self.has_gstin { gst_rate_bp } else { 0 }
    }

    /// The terms of what is supplied in this way.
    pub fn terms(&self, supply: SupplyType) -> Terms {
        Terms {
            commission_bp: self.commission_bp,
            supply,
            has_gstin: self.has_gstin,
            has_pan: self.has_pan,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Money, StateCode, SupplyType, VendorId};
    use proptest::prelude::*;

    use super::{Seller, Share, Sums};

    fn seller(commission_bp: u32) -> Seller {
        Seller {
            vendor_id: VendorId::new(),
            name: "Lotus Home".into(),
            state: StateCode::parse("27").unwrap(),
            has_gstin: true,
            has_pan: true,
            commission_bp,
        }
    }

    fn share(seller: &Seller, gross: i64, taxable: i64, supply: SupplyType) -> Share {
        let (gross, taxable) = (Money::inr(gross), Money::inr(taxable));
        seller.terms(supply).share(Sums { gross, taxable, taxed: taxable }).unwrap()
    }

    #[test]
    fn without_a_pan_five_percent_are_withheld() {
        let seller = Seller { has_pan: false, ..seller(1000) };
        let share = share(&seller, 11_800, 10_000, SupplyType::Igst);
        assert_eq!(share.tds, Money::inr(500));
        assert_eq!(share.tcs, Money::inr(50));
    }

    #[test]
    fn a_seller_without_registration_charges_no_tax_and_has_none_collected() {
        let seller = Seller { has_gstin: false, ..seller(1000) };
        assert_eq!(seller.rate_bp(1800), 0);
        let share = share(&seller, 10_000, 10_000, SupplyType::CgstSgst);
        assert_eq!(share.tcs, Money::inr(0));
        assert_eq!(share.payable, Money::inr(10_000 - 1000 - 180 - 10));
    }

    proptest! {
        #[test]
        fn the_shares_add_up_to_what_the_buyer_pays(
            gross in 0_i64..10_000_000_000,
            rate_bp in 0_u32..4000,
            commission_bp in 0_u32..3000,
            inter in any::<bool>(),
        ) {
            let supply = if inter { SupplyType::Igst } else { SupplyType::CgstSgst };
            let gross = Money::inr(gross);
            let tax = kernel::gst::inclusive(gross, rate_bp, supply).unwrap();
            let share =
                share(&seller(commission_bp), gross.minor(), tax.taxable.minor(), supply);
            let parts = [share.payable, share.commission, share.commission_tax, share.tcs, share.tds];
            prop_assert_eq!(Money::sum(parts, gross.currency()).unwrap(), gross);
        }
    }
}

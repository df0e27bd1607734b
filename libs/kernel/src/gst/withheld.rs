//! What a marketplace keeps back from a vendor for the tax offices.

use crate::{Money, MoneyError};

use super::SupplyType;
use crate::gst::exclusive;

/// Tax collected at source by s.52 CGST Act since 10 July 2024, in basis points.
pub const TCS_BP: u32 = 50;

/// Tax collected at source on the sales of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tcs {
    /// The centre's half.
    pub cgst: Money,
    /// The half of the state or union territory.
    pub sgst: Money,
    /// Integrated tax, between states.
    pub igst: Money,
}

impl Tcs {
    /// All of it together.
    pub fn total(self) -> Result<Money, MoneyError> {
        self.cgst.add(self.sgst)?.add(self.igst)
    }
}

/// Reckons the tax collected at source on `net_taxable`, taxable sales less returns.
pub fn tcs(net_taxable: Money, rate_bp: u32, supply: SupplyType) -> Result<Tcs, MoneyError> {
    let tax = exclusive(net_taxable, rate_bp, supply)?;
    Ok(Tcs { cgst: tax.cgst, sgst: tax.sgst, igst: tax.igst })
}

/// Who is paid, as far as the tax deducted at source depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payee {
    /// Somebody who gave no PAN.
    WithoutPan,
    /// A resident person or Hindu undivided family with a PAN.
    IndividualOrHuf {
        /// Gross sales of the financial year, this one included.
        year_gross: Money,
    },
    /// Anybody else with a PAN.
    WithPan,
}

/// The rates of tax deducted at source in some period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TdsRule {
    /// The rate with a PAN, in basis points.
    pub with_pan_bp: u32,
    /// The rate without one, in basis points.
    pub without_pan_bp: u32,
    /// Up to which yearly gross sales a person or family pays nothing.
    pub exempt_up_to: Money,
}

impl TdsRule {
    /// Section 194-O (s.393 Income-tax Act 2025 from April 2026), since 1 October 2024.
    pub const SINCE_OCTOBER_2024: Self =
        Self { with_pan_bp: 10, without_pan_bp: 500, exempt_up_to: Money::inr(50_000_000) };
}

/// Tax deducted at source from a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tds {
    /// How much is kept back.
    pub amount: Money,
    /// At which rate, in basis points.
    pub rate_bp: u32,
}

/// Reckons the tax deducted from `gross`, a sale without GST.
pub fn tds_194o(gross: Money, payee: Payee, rule: TdsRule) -> Result<Tds, MoneyError> {
    let rate_bp = match payee {
        Payee::WithoutPan => rule.without_pan_bp,
        Payee::IndividualOrHuf { year_gross } => {
            year_gross.same_currency(rule.exempt_up_to)?;
            if year_gross.minor() <= rule.exempt_up_to.minor() { 0 } else { rule.with_pan_bp }
        }
        Payee::WithPan => rule.with_pan_bp,
    };
    Ok(Tds { amount: gross.share_bp(rate_bp), rate_bp })
}

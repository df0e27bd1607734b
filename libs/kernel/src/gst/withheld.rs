//! What a marketplace collects from a vendor for the tax offices.

use crate::{Money, MoneyError};

use super::SupplyType;
use crate::gst::exclusive;

/// Tax collected at source on the sales of a vendor (section 52 of the CGST Act).
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

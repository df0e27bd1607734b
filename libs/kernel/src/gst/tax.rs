//! The tax on one line, to the paisa.

use std::num::NonZeroU64;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SupplyType;
use crate::{Money, MoneyError, rounding};

/// Basis points of the whole.
const WHOLE_BP: NonZeroU64 = NonZeroU64::new(10_000).unwrap();
/// Divides half a rate, which may be half a basis point.
const TWICE_WHOLE_BP: NonZeroU64 = NonZeroU64::new(20_000).unwrap();

/// The tax on a line. `taxable` and the components always add up to `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// What the tax is reckoned on.
    pub taxable: Money,
    /// The centre's half.
    pub cgst: Money,
    /// The half of the state, or of the union territory where it is called UTGST.
    pub sgst: Money,
    /// Integrated tax, between states.
    pub igst: Money,
    /// What is paid.
    pub total: Money,
}

/// The tax on top of `taxable`; each component is rounded on its own, halves up.
pub fn exclusive(taxable: Money, rate_bp: u32, supply: SupplyType) -> Result<Tax, MoneyError> {
    let product = i128::from(taxable.minor()) * i128::from(rate_bp);
    let part = |divisor| taxable.with(i64::try_from(rounding::half_up(product, divisor)).ok());
    let zero = Money::zero(taxable.currency());
    let (cgst, igst) = if supply.is_inter_state() {
        (zero, part(WHOLE_BP)?)
    } else {
        (part(TWICE_WHOLE_BP)?, zero)
    };
    let total = taxable.add(cgst)?.add(cgst)?.add(igst)?;
    Ok(Tax { taxable, cgst, sgst: cgst, igst, total })
}

/// The tax contained in `gross`; what is paid stays as it is, and both halves are equal.
pub fn inclusive(gross: Money, rate_bp: u32, supply: SupplyType) -> Result<Tax, MoneyError> {
    let product = i128::from(gross.minor()) * i128::from(rate_bp);
    let with_tax = WHOLE_BP.saturating_add(u64::from(rate_bp));
    let part = |divisor| gross.with(i64::try_from(rounding::half_up(product, divisor)).ok());
    let zero = Money::zero(gross.currency());
    let (cgst, igst) = if supply.is_inter_state() {
        (zero, part(with_tax)?)
    } else {
        (part(with_tax.saturating_add(with_tax.get()))?, zero)
    };
    let taxable = gross.sub(cgst)?.sub(cgst)?.sub(igst)?;
    Ok(Tax { taxable, cgst, sgst: cgst, igst, total: gross })
}

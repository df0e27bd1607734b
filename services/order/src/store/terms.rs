//! The terms of a seller order, as its row keeps them.

use chassis::row;

use super::supply;
use crate::domain::scheme::Scheme;
use crate::domain::split::{Rates, Terms};

/// The columns of the terms: none of what was placed before terms were kept, the first four of what was placed before rates
/// and schemes were.
#[derive(Debug)]
pub struct Kept {
    pub commission_bp: Option<i32>,
    pub supply: Option<String>,
    pub has_gstin: Option<bool>,
    pub has_pan: Option<bool>,
    pub scheme: Option<String>,
    pub commission_supply: Option<String>,
    /// On commission, collected at source, deducted at source.
    pub rates: (Option<i32>, Option<i32>, Option<i32>),
}

impl Kept {
    /// The terms, if they were kept.
    pub fn terms(self) -> sqlx::Result<Option<Terms>> {
        let known = self.commission_bp.zip(self.supply).zip(self.has_gstin.zip(self.has_pan));
        let Some(((commission_bp, supply), (has_gstin, has_pan))) = known else { return Ok(None) };
        let scheme = match self.scheme {
            Some(scheme) => row::parse("seller_orders.scheme", &scheme)?,
            None => Scheme::unasked(has_gstin),
        };
        let before = Rates::BEFORE_DATES;
        let (on_commission, collected, deducted) = self.rates;
        Ok(Some(Terms {
            commission_bp: bp(commission_bp)?,
            supply: supply::read(&supply)?,
            scheme,
            has_pan,
            commission_tax_bp: on_commission.map_or(Ok(before.commission_tax), bp)?,
            commission_supply: self.commission_supply.as_deref().map(supply::read).transpose()?,
            tcs_bp: collected.map_or(Ok(scheme.tcs_bp(before.tcs)), bp)?,
            tds_bp: deducted.map_or(Ok(before.tds_bp(has_pan)), bp)?,
        }))
    }
}

fn bp(kept: i32) -> sqlx::Result<u32> {
    row::fit("seller_orders.commission_bp", u32::try_from(kept))
}

//! One line of a document with the tax in its price, and the sums of such lines.

use kernel::{
    Currency, Money, MoneyError,
    gst::{self, SupplyType, Tax},
};
use serde::{Deserialize, Serialize};

use super::{
    flaw::InvoiceRefused,
    item::{Item, Rate},
};

/// One position of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceLine {
    /// What was sold.
    pub item: Item,
    /// The quantity times the unit price, before the discount.
    pub gross: Money,
    /// The discounted price, taken apart into value and taxes.
    pub tax: Tax,
    /// On a credit note: which line of the document it reduces, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduces: Option<u32>,
    /// On a credit note: only the price is reduced, and no piece is taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_pieces: bool,
}

impl InvoiceLine {
    /// Works out the tax in the price of `item`; without a `supply` the price bears none.
    pub fn of(item: Item, supply: Option<SupplyType>) -> Result<Self, InvoiceRefused> {
        if [item.unit_price, item.discount].iter().any(|money| money.currency() != Currency::Inr) {
            return Err(InvoiceRefused::NotInRupees);
        }
        let gross = item.unit_price.times(item.quantity.get())?;
        let net = gross.sub(item.discount)?;
        if gross.is_negative() || net.is_negative() || item.discount.is_negative() {
            return Err(InvoiceRefused::DiscountOutOfRange);
        }

        let tax = tax_in(net, item.rate, supply)?;
        Ok(Self { item, gross, tax, reduces: None, keeps_pieces: false })
    }

    /// Whether its rate is more than nil.
    pub fn is_taxed(&self) -> bool {
        self.item.rate.basis_points() > 0
    }
}

/// The tax in `net`; without a `supply` it bears none.
pub fn tax_in(net: Money, rate: Rate, supply: Option<SupplyType>) -> Result<Tax, MoneyError> {
    match supply {
        Some(supply) => gst::inclusive(net, rate.basis_points(), supply),
        None => Ok(Tax { taxable: net, total: net, ..NOTHING }),
    }
}

/// The lines of one rate taken together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTotal {
    /// The rate.
    pub rate: Rate,
    /// The value and the taxes of its lines.
    pub tax: Tax,
    /// All their taxes together.
    pub charged: Money,
}

/// The sums at the foot of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Quantities times unit prices.
    pub gross: Money,
    /// All discounts.
    pub discount: Money,
    /// The value and the taxes of all lines.
    pub tax: Tax,
    /// The same for each rate, the lowest rate first.
    pub by_rate: Vec<RateTotal>,
}

impl Totals {
    /// Adds up `lines`.
    pub fn of(lines: &[InvoiceLine]) -> Result<Self, MoneyError> {
        let mut rates: Vec<_> = lines.iter().map(|line| line.item.rate).collect();
        rates.sort_unstable();
        rates.dedup();

        Ok(Self {
            gross: Money::sum(lines.iter().map(|line| line.gross), Currency::Inr)?,
            discount: Money::sum(lines.iter().map(|line| line.item.discount), Currency::Inr)?,
            tax: together(lines.iter().map(|line| line.tax))?,
            by_rate: rates
                .into_iter()
                .map(|rate| of_rate(rate, lines))
                .collect::<Result<_, _>>()?,
        })
    }
}

const NOTHING: Tax = Tax {
    taxable: Money::inr(0),
    cgst: Money::inr(0),
    sgst: Money::inr(0),
    igst: Money::inr(0),
    total: Money::inr(0),
};

fn of_rate(rate: Rate, lines: &[InvoiceLine]) -> Result<RateTotal, MoneyError> {
    let lines = lines.iter().filter(|line| line.item.rate == rate);
    let tax = together(lines.map(|line| line.tax))?;
    Ok(RateTotal { rate, tax, charged: tax.total.sub(tax.taxable)? })
}

fn together(taxes: impl Iterator<Item = Tax>) -> Result<Tax, MoneyError> {
    let mut taxes = taxes;
    taxes.try_fold(NOTHING, |sum, tax| {
        Ok(Tax {
            taxable: sum.taxable.add(tax.taxable)?,
            cgst: sum.cgst.add(tax.cgst)?,
            sgst: sum.sgst.add(tax.sgst)?,
            igst: sum.igst.add(tax.igst)?,
            total: sum.total.add(tax.total)?,
        })
    })
}

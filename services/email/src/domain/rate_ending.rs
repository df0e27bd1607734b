//! A rate of GST that a seller's products bear ends.

use contracts::product::RateEnding;
use contracts::vendor::{TaxScheme, VendorChanged};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What ends, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The rate in basis points.
    pub rate_bp: u32,
    /// The last day on which it may be borne.
    pub last_day: Date,
    /// How many products bear it.
    pub products: u32,
    /// Some of their SKUs.
    pub skus: Vec<String>,
    /// Whether its seller charges none, and needs a valid rate all the same.
    #[serde(default)]
    pub untaxed: bool,
}

/// Whether prices of a seller contain tax: not under composition, and not of one that is not registered.
pub fn charges_tax(seller: &VendorChanged) -> bool {
    match seller.scheme {
        Some(TaxScheme::Regular | TaxScheme::Unknown) => true,
        Some(TaxScheme::Composition | TaxScheme::Enrolled) => false,
        None => seller.gstin.is_some(),
    }
}

impl Ending {
    #[must_use]
    pub fn of(event: &RateEnding) -> Self {
        Self {
            rate_bp: event.rate_bp,
            last_day: event.last_day,
            products: event.products,
            skus: event.skus.iter().map(|sku| sku.as_str().to_owned()).collect(),
            untaxed: false,
        }
    }

    /// The rate as people read it: `18 %`, `0.25 %`.
    pub fn rate(&self) -> String {
        let (whole, part) = (self.rate_bp / 100, self.rate_bp % 100);
        if part == 0 {
            return format!("{whole} %");
        }
        let part = format!("{part:02}");
        format!("{whole}.{} %", part.trim_end_matches('0'))
    }

    /// The last day as people read it: `07 Dec 2026`.
    pub fn day(&self) -> String {
        self.last_day.strftime("%d %b %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Ending;

    #[test]
    fn rates_are_written_without_noughts_at_their_end() {
        let last_day = jiff::civil::date(2026, 12, 7);
        for (rate_bp, text) in [(1800, "18 %"), (150, "1.5 %"), (25, "0.25 %"), (0, "0 %")] {
            let ending =
                Ending { rate_bp, last_day, products: 1, skus: Vec::new(), untaxed: false };
            assert_eq!((ending.rate().as_str(), ending.day().as_str()), (text, "07 Dec 2026"));
        }
    }
}

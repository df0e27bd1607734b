//! One thing sold: what it is, how many, and at which rate it is taxed.

use std::fmt;

use kernel::{Invalid, Money, Quantity, Sku};
use serde::{Deserialize, Serialize};

/// A code of the Harmonised System (goods) or the Services Accounting Code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hsn(String);

impl Hsn {
    /// Reads a code of 4, 6 or 8 digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !matches!(text.len(), 4 | 6 | 8) {
            return Err(Invalid { what: "hsn", why: "must have 4, 6 or 8 digits" });
        }
        Ok(Self(text.to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Hsn {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Hsn> for String {
    fn from(hsn: Hsn) -> Self {
        hsn.0
    }
}

/// A rate of GST in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Rate(u32);

impl Rate {
    /// No tax.
    pub const NIL: Self = Self(0);

    /// Takes a rate of at most 100 %.
    pub fn from_basis_points(basis_points: u32) -> Result<Self, Invalid> {
        if basis_points > 10_000 {
            return Err(Invalid { what: "gst rate", why: "must not exceed 100 %" });
        }
        Ok(Self(basis_points))
    }

    /// The rate in hundredths of a percent.
    pub fn basis_points(self) -> u32 {
        self.0
    }

    /// The whole rate as people write it, such as `18%` or `0.25%`.
    pub fn whole(self) -> String {
        percent(self.0 * 10)
    }

    /// Half the rate, the share of the centre and of the state, such as `9%` or `0.125%`.
    pub fn half(self) -> String {
        percent(self.0 * 5)
    }
}

impl TryFrom<u32> for Rate {
    type Error = Invalid;

    fn try_from(basis_points: u32) -> Result<Self, Invalid> {
        Self::from_basis_points(basis_points)
    }
}

impl From<Rate> for u32 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

fn percent(thousandths: u32) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The unit in which a quantity is counted, from the Unique Quantity Codes of the GST portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Numbers, for whatever is simply counted.
    Numbers,
    /// Pieces.
    Pieces,
    /// Pairs.
    Pairs,
    /// Sets.
    Sets,
    /// Packs.
    Packs,
    /// Boxes.
    Boxes,
    /// Bottles.
    Bottles,
    /// Kilograms.
    Kilograms,
    /// Grams.
    Grams,
    /// Millilitres.
    Millilitres,
    /// Metres.
    Metres,
    /// Anything else, such as a service.
    Others,
}

impl Unit {
    /// The code the GST portal knows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Numbers => "NOS",
            Self::Pieces => "PCS",
            Self::Pairs => "PRS",
            Self::Sets => "SET",
            Self::Packs => "PAC",
            Self::Boxes => "BOX",
            Self::Bottles => "BTL",
            Self::Kilograms => "KGS",
            Self::Grams => "GMS",
            Self::Millilitres => "MLT",
            Self::Metres => "MTR",
            Self::Others => "OTH",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One position of a seller's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What was sold, in the seller's words.
    pub description: String,
    /// The seller's own code for it.
    pub sku: Sku,
    /// Its tariff code.
    pub hsn: Hsn,
    /// How many.
    pub quantity: Quantity,
    /// Counted in what.
    pub unit: Unit,
    /// The price of one, tax included.
    pub unit_price: Money,
    /// What was taken off the whole position, tax included.
    pub discount: Money,
    /// The rate of tax.
    pub rate: Rate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_written_without_idle_zeros() {
        let written = |bp| {
            let rate = Rate::from_basis_points(bp).unwrap();
            (rate.whole(), rate.half())
        };

        assert_eq!(written(1800), ("18%".into(), "9%".into()));
        assert_eq!(written(500), ("5%".into(), "2.5%".into()));
        assert_eq!(written(25), ("0.25%".into(), "0.125%".into()));
        assert_eq!(written(0), ("0%".into(), "0%".into()));
        assert_eq!(written(10_000), ("100%".into(), "50%".into()));
    }

    #[test]
    fn a_rate_above_the_whole_is_refused() {
        assert!(Rate::from_basis_points(10_001).is_err());
    }

    #[test]
    fn a_tariff_code_has_four_six_or_eight_digits() {
        for good in ["5208", "996812", "52085900"] {
            assert_eq!(Hsn::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "520", "52085", "5208590", "520859001", "52O8", "五二〇八"] {
            assert!(Hsn::parse(bad).is_err(), "{bad} was accepted");
        }
    }
}

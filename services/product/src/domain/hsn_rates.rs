//! Which rates of GST the goods of an HSN code may bear.

use jiff::civil::Date;
use kernel::Line;
use kernel::text::{Plain, Text, TextKind};

use super::product::Flaw;

/// Marks prefixes of HSN codes.
pub enum HsnPrefixKind {}
/// How an HSN code begins: 2 to 8 digits, of which the first two are a chapter of goods. The longest one that something is
/// kept of decides.
pub type HsnPrefix = Text<HsnPrefixKind>;

impl TextKind for HsnPrefixKind {
    const WHAT: &'static str = "hsn_prefix";
    const SCHEMA: &'static str = "HsnPrefix";
    const PATTERN: &'static str = "^(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{0,6}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let digits = raw.bytes().all(|b| b.is_ascii_digit());
        if !digits || !matches!(raw.len(), 2..=8) {
            return Err("must be 2 to 8 digits");
        }
        if raw.starts_with("00") || raw.starts_with("99") {
            return Err("must begin with a chapter of goods, 01 to 98");
        }
        Ok(raw.to_owned())
    }
}

impl Plain for HsnPrefixKind {}

/// A rate, and on which days it may be borne.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRate {
    pub rate_bp: u32,
    pub valid_from: Date,
    /// The last day; none while it has no end.
    pub valid_to: Option<Date>,
}

/// What is kept of the goods whose codes begin in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// They bear one of these.
    Rates(Vec<DatedRate>),
    /// They are not sold here, and why.
    NotSold(Line<200>),
}

impl Rule {
    /// So many rates one code may have had.
    pub const MOST: usize = 20;

    /// Whether it can be kept.
    pub fn check(&self) -> Result<(), Vec<Flaw>> {
        let Self::Rates(rates) = self else { return Ok(()) };
        let mut flaws = Vec::new();
        if rates.len() > Self::MOST {
            flaws.push(Flaw::at("/rates", "must be at most 20"));
        }
        for (nth, rate) in rates.iter().enumerate() {
            if rate.rate_bp > 10_000 {
                let pointer = format!("/rates/{nth}/rate_bp");
                flaws.push(Flaw::at(pointer, "must be between 0 and 10000"));
            }
            if rate.valid_to.is_some_and(|last| last < rate.valid_from) {
                let pointer = format!("/rates/{nth}/valid_to");
                flaws.push(Flaw::at(pointer, "must not be before its first day"));
            }
            let earlier = rates.iter().take(nth);
            let mut same = earlier.filter(|other| other.rate_bp == rate.rate_bp);
            if same.any(|other| other.valid_from == rate.valid_from) {
                flaws.push(Flaw::at(format!("/rates/{nth}"), "must not stand twice"));
            }
        }
        if flaws.is_empty() { Ok(()) } else { Err(flaws) }
    }
}

#[cfg(test)]
mod tests;

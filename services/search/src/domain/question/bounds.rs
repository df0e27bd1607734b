//! Between what a price and a rating may lie.

use super::QueryRefused;

/// The prices between which variants are looked for, both included, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    min: i64,
    max: i64,
}

impl PriceRange {
    pub const ANY: Self = Self { min: 0, max: i64::MAX };

    /// Takes the lowest and the highest price, each of which may be left open.
    pub fn new(min: Option<i64>, max: Option<i64>) -> Result<Self, QueryRefused> {
        let range = Self { min: min.unwrap_or(0), max: max.unwrap_or(i64::MAX) };
        if range.min < 0 || range.max < range.min {
            return Err(QueryRefused::BadPriceRange);
        }
        Ok(range)
    }

    /// Whether `price` lies between them.
    pub const fn holds(self, price: i64) -> bool {
        self.min <= price && price <= self.max
    }
}

/// The least average rating, in hundredths of a star.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinRating(u16);

impl MinRating {
    /// Every rating, and none at all.
    pub const ANY: Self = Self(0);

    /// Reads `4`, `4.5` or `4.25`.
    pub fn parse(text: &str) -> Result<Self, QueryRefused> {
        Self::read(text).ok_or(QueryRefused::BadRating)
    }

    pub const fn hundredths(self) -> u16 {
        self.0
    }

    fn read(text: &str) -> Option<Self> {
        let (whole, decimals) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (text, ""),
        };
        let digits = whole.len() == 1 && decimals.len() <= 2;
        if !digits || !text.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit()) {
            return None;
        }
        let hundredths: u16 = format!("{whole}{decimals:0<2}").parse().ok()?;
        (hundredths <= 500).then_some(Self(hundredths))
    }
}

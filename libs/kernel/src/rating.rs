//! Stars, and what many of them come to.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Invalid, rounding};

/// What somebody thought of a thing, from 1 to 5.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 1, maximum = 5)]
pub struct Stars(u8);

impl Stars {
    /// Takes `count` stars.
    pub const fn new(count: u8) -> Result<Self, Invalid> {
        match count {
            1..=5 => Ok(Self(count)),
            _ => Err(Invalid { what: "stars", why: "must be 1 to 5" }),
        }
    }

    /// The number of stars.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Stars {
    type Error = Invalid;

    fn try_from(count: u8) -> Result<Self, Self::Error> {
        Self::new(count)
    }
}

impl From<Stars> for u8 {
    fn from(stars: Stars) -> Self {
        stars.0
    }
}

impl JsonSchema for Stars {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Stars")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 5 })
    }
}

/// The stars of many reviews, kept as sum and count so that no average is ever rounded twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// All stars together.
    pub sum: u64,
    /// How many reviews gave them.
    pub count: u64,
}

impl Rating {
    /// The rating of something nobody reviewed yet.
    pub const NONE: Self = Self { sum: 0, count: 0 };

    /// Adds up how many reviews gave 1, 2, 3, 4 and 5 stars.
    pub fn of_counts(counts: [u64; 5]) -> Self {
        counts.into_iter().zip(1..).fold(Self::NONE, |all, (count, stars)| Self {
            sum: all.sum.saturating_add(count.saturating_mul(stars)),
            count: all.count.saturating_add(count),
        })
    }

    /// The average with two decimals, halves rounded up; `0.00` before the first review.
    pub fn average(self) -> String {
        rounding::decimal(self.sum, self.count, 2).unwrap_or_else(|| "0.00".to_owned())
    }

    /// The average with one decimal, halves rounded up; `0.0` before the first review.
    pub fn average_1dp(self) -> String {
        rounding::decimal(self.sum, self.count, 1).unwrap_or_else(|| "0.0".to_owned())
    }
}

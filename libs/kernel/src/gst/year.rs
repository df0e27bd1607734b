//! The Indian financial year.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Invalid, india};

/// A year from 1 April to 31 March by India's clock, written like `2025-26`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
pub struct FinancialYear(i16);

impl FinancialYear {
    /// The year that `at` falls into.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let date = india::day(at);
        Self(if date.month() >= 4 { date.year() } else { date.year() - 1 })
    }

    /// Reads a year like `2025-26`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        text.get(..4)
            .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|year| year.parse().ok())
            .map(Self)
            .filter(|year| year.to_string() == text)
            .ok_or(Invalid { what: "financial year", why: "must look like 2025-26" })
    }

    /// The calendar year in which it begins.
    pub const fn start_year(self) -> i16 {
        self.0
    }

    /// The four digits of invoice numbers, such as `2526`.
    pub fn short(self) -> String {
        let (start, end) = self.last_digits();
        format!("{start:02}{end:02}")
    }

    /// The last two digits of its two calendar years.
    const fn last_digits(self) -> (i16, i16) {
        (self.0.rem_euclid(100), (self.0.rem_euclid(100) + 1) % 100)
    }
}

impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0, self.last_digits().1)
    }
}

impl FromStr for FinancialYear {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for FinancialYear {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<FinancialYear> for String {
    fn from(year: FinancialYear) -> Self {
        year.to_string()
    }
}

impl JsonSchema for FinancialYear {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("FinancialYear")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" })
    }
}

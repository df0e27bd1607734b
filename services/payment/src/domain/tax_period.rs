//! The time that a return to a tax office is about: a month, or a quarter of the financial year.

use std::fmt;

use jiff::civil::Date;
use kernel::gst::FinancialYear;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar;
use super::period::Period;

/// A month by India's clock, written like `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11")]
pub struct TaxMonth(Date);

impl TaxMonth {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        match Period::parse(text)? {
            Period::Month(first) => Some(Self(first)),
            Period::Week(_) => None,
        }
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        self.0
    }
}

impl fmt::Display for TaxMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Period::Month(self.0).fmt(f)
    }
}

impl TryFrom<String> for TaxMonth {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("must be a month, such as 2026-11")
    }
}

impl From<TaxMonth> for String {
    fn from(month: TaxMonth) -> Self {
        month.to_string()
    }
}

/// A quarter of a financial year, written like `2026-27-Q3`: that one is from October to December 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    year: FinancialYear,
    number: i8,
}

impl Quarter {
    /// Reads `2026-27-Q3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once("-Q")?;
        let number = ["1", "2", "3", "4"].into_iter().position(|one| one == number)?;
        Some(Self {
            year: FinancialYear::parse(year).ok()?,
            number: i8::try_from(number).ok()? + 1,
        })
    }

    /// The first days of its three months.
    pub fn months(self) -> [Date; 3] {
        let april = Date::new(self.year.start_year(), 4, 1).unwrap_or(Date::MAX);
        let mut first = april;
        for _ in 1..self.number {
            first = calendar::next_month(calendar::next_month(calendar::next_month(first)));
        }
        let second = calendar::next_month(first);
        [first, second, calendar::next_month(second)]
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarters_are_those_of_the_financial_year() {
        for (text, months) in [
            ("2026-27-Q1", [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]),
            ("2026-27-Q3", [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]),
            ("2026-27-Q4", [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]),
        ] {
            let quarter = Quarter::parse(text).unwrap();
            assert_eq!((quarter.months(), quarter.to_string().as_str()), (months, text));
        }
        for text in ["", "2026-27", "2026-27-Q0", "2026-27-Q5", "2026-28-Q1", "2026-27-Q+1"] {
            assert_eq!(Quarter::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_is_no_week() {
        assert_eq!(TaxMonth::parse("2026-11").unwrap().to_string(), "2026-11");
        for text in ["2026-W48", "2026-13", "2026-1", "november"] {
            assert_eq!(TaxMonth::parse(text), None, "{text}");
        }
    }
}

//! Where a seller is paid.

use std::fmt;

use kernel::{Ifsc, Line};
use serde::Deserialize;

/// Why a number cannot be that of a bank account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("account_number: must be 9 to 18 digits")]
pub struct BadAccountNumber;

/// The number of an Indian bank account: 9 to 18 digits.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AccountNumber(String);

impl AccountNumber {
    pub fn parse(raw: &str) -> Result<Self, BadAccountNumber> {
        let fits = (9..=18).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(raw.to_owned())) } else { Err(BadAccountNumber) }
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits behind as many crosses as are hidden.
    pub fn masked(&self) -> String {
        let (hidden, shown) = self.0.split_at(self.0.len().saturating_sub(4));
        format!("{}{shown}", "X".repeat(hidden.len()))
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.masked())
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = BadAccountNumber;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw)
    }
}

/// What may be read of a bank account without opening a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    pub ifsc: Ifsc,
    pub holder: Line<100>,
}

#[cfg(test)]
mod tests {
    use super::AccountNumber;

    #[test]
    fn only_the_last_four_digits_are_ever_shown() {
        let account = AccountNumber::parse("012345678901").unwrap();
        assert_eq!(account.masked(), "XXXXXXXX8901");
        assert_eq!(format!("{account:?}"), "AccountNumber(XXXXXXXX8901)");
        for raw in ["12345678", "1234567890123456789", "12345678a", "", "१२३४५६७८९"]
        {
            assert!(AccountNumber::parse(raw).is_err(), "{raw:?}");
        }
    }
}

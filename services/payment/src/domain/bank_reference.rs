//! The number under which a bank knows a transfer.

use kernel::text::{Plain, Text, TextKind};

/// Marks numbers of transfers.
pub enum BankReferenceKind {}
/// The number under which a bank knows a transfer (RRN, ARN or UTR).
pub type BankReference = Text<BankReferenceKind>;

impl TextKind for BankReferenceKind {
    const WHAT: &'static str = "number of the transfer";
    const SCHEMA: &'static str = "BankReference";
    const PATTERN: &'static str = "^[A-Za-z0-9]{6,40}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        match raw.len() {
            6..=40 if raw.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(raw.to_owned()),
            6..=40 => Err("only letters and digits"),
            _ => Err("must have 6 to 40 characters"),
        }
    }
}

impl Plain for BankReferenceKind {}

#[cfg(test)]
mod tests {
    use super::BankReference;

    #[test]
    fn references_are_plain() {
        assert!(BankReference::parse("HDFCR52026113012345678").is_ok());
        for wrong in ["", "12345", "UTR 123456", "<b>1234</b>", &"1".repeat(41)] {
            assert!(BankReference::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

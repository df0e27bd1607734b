//! Barcodes of 13 digits, the last of which checks the others.

use crate::text::{Invalid, Plain, Text, TextKind};

/// Marks EAN-13 barcodes.
pub enum Ean13Kind {}
/// A barcode of 13 digits with a right check digit.
pub type Ean13 = Text<Ean13Kind>;

impl TextKind for Ean13Kind {
    const WHAT: &'static str = "ean13";
    const SCHEMA: &'static str = "Ean13";
    const PATTERN: &'static str = "^[0-9]{13}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let digits = raw.trim();
        if digits.len() != 13 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err("must be 13 digits");
        }
        let (body, check) = digits.split_at(12);
        let right = check_digit(body).map_err(|refused| refused.why)?;
        if check.starts_with(right) { Ok(digits.to_owned()) } else { Err("wrong check digit") }
    }
}

impl Plain for Ean13Kind {}

/// Reckons the thirteenth digit from the `first12`.
pub fn check_digit(first12: &str) -> Result<char, Invalid> {
    let invalid = Invalid { what: "ean13", why: "must begin with 12 digits" };
    if first12.chars().count() != 12 {
        return Err(invalid);
    }
    let mut sum = 0;
    for (digit, weight) in first12.chars().zip([1, 3].into_iter().cycle()) {
        sum += digit.to_digit(10).ok_or(invalid)? * weight;
    }
    char::from_digit((10 - sum % 10) % 10, 10).ok_or(invalid)
}

/// Adds the check digit to the `first12`.
pub fn complete(first12: &str) -> Result<Ean13, Invalid> {
    Ean13::parse(&format!("{first12}{}", check_digit(first12)?))
}

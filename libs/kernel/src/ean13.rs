//! The check digit of barcodes.

use crate::{Ean13, Invalid};

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

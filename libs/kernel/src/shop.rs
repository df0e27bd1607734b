//! The texts of the catalogue: SKUs, category slugs and barcodes.

use crate::ean13;
use crate::text::{Plain, Text, TextKind};

/// Marks stock keeping units.
pub enum SkuKind {}
/// A vendor's own name for a variant: 1 to 64 letters, digits, dots, hyphens and underscores.
pub type Sku = Text<SkuKind>;

impl TextKind for SkuKind {
    const WHAT: &'static str = "sku";
    const SCHEMA: &'static str = "Sku";
    const PATTERN: &'static str = "^[A-Za-z0-9._-]{1,64}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        match raw.len() {
            0 => Err("must not be empty"),
            1..=64 if raw.bytes().all(allowed) => Ok(raw.to_owned()),
            1..=64 => Err("only letters, digits, '.', '_' and '-'"),
            _ => Err("longer than 64 characters"),
        }
    }
}

impl Plain for SkuKind {}

/// Marks category slugs.
pub enum CategorySlugKind {}
/// Names a category: 1 to 64 small letters, digits and hyphens.
pub type CategorySlug = Text<CategorySlugKind>;
/// The id of a category is its slug.
pub type CategoryId = CategorySlug;

impl TextKind for CategorySlugKind {
    const WHAT: &'static str = "category";
    const SCHEMA: &'static str = "CategorySlug";
    const PATTERN: &'static str = "^[a-z0-9-]{1,64}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        match raw.len() {
            0 => Err("must not be empty"),
            1..=64 if raw.bytes().all(allowed) => Ok(raw.to_owned()),
            1..=64 => Err("only small letters, digits and '-'"),
            _ => Err("longer than 64 characters"),
        }
    }
}

impl Plain for CategorySlugKind {}

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
        let right = ean13::check_digit(body).map_err(|refused| refused.why)?;
        if check.starts_with(right) { Ok(digits.to_owned()) } else { Err("wrong check digit") }
    }
}

impl Plain for Ean13Kind {}

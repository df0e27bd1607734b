//! The texts of the catalogue: SKUs and category slugs.

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

//! Under which scheme of goods and services tax a seller supplies.

use kernel::Gstin;
use kernel::text::{Plain, Text, TextKind};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::flaw::Flaw;

/// How the tax offices know a seller. It stays as it was when the seller applied: documents and taxes hang on it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Scheme {
    /// Registered, and charges tax.
    Regular,
    /// Registered under composition, and may not charge any.
    Composition,
    /// Not registered.
    Enrolled,
}

impl Scheme {
    /// Of a seller who does not say, or was never asked.
    pub const fn unasked(gstin: Option<&Gstin>) -> Self {
        if gstin.is_some() { Self::Regular } else { Self::Enrolled }
    }

    /// What it and the numbers say against each other.
    pub fn flaws(self, gstin: Option<&Gstin>, enrolment: Option<&Enrolment>) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        match (self, gstin) {
            (Self::Regular | Self::Composition, None) => {
                flaws.push(Flaw::at("/gstin", "is needed under this scheme"));
            }
            (Self::Enrolled, Some(_)) => {
                flaws.push(Flaw::at("/scheme", "is for sellers without a GSTIN"));
            }
            (Self::Regular | Self::Composition, Some(_)) | (Self::Enrolled, None) => {}
        }
        if gstin.is_some() && enrolment.is_some() {
            flaws.push(Flaw::at("/enrolment", "is for sellers without a GSTIN"));
        }
        flaws
    }
}

/// Marks enrolment numbers.
pub enum EnrolmentKind {}
/// The number under which a seller who is not registered may supply through a marketplace (notification 34/2023). Only its
/// length and letters are checked: its inner form is not published.
pub type Enrolment = Text<EnrolmentKind>;

impl TextKind for EnrolmentKind {
    const WHAT: &'static str = "enrolment";
    const SCHEMA: &'static str = "Enrolment";
    const PATTERN: &'static str = "^[0-9A-Z]{15}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.trim().to_ascii_uppercase();
        if text.len() == 15 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(text)
        } else {
            Err("must be 15 letters and digits")
        }
    }
}

impl Plain for EnrolmentKind {}

#[cfg(test)]
mod tests;

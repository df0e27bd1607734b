//! Free text of one line: names, streets, reasons.

use kernel::text::steers;
use serde::Deserialize;
use serde::de::Error as _;

/// 1 to `MAX` characters of one line. It ends up in mails, terminals, invoices and on parcels: nothing in it may steer
/// what shows it, and everything in it can be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// What [`Self::parse`] refuses, as the inside of a regular expression's class.
    pub const REFUSED: &'static str = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}";

    /// Trims and checks.
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        // Before trimming: a line break at the end would otherwise slip through.
        if raw.chars().any(unfit) {
            return Err("must not contain control characters or pictures");
        }
        let text = raw.trim();
        if text.is_empty() {
            return Err("must not be empty");
        }
        if text.chars().count() > MAX {
            return Err("is too long");
        }
        Ok(Self(text.to_owned()))
    }

    /// What was kept: it was checked when it came in, by the rules of that day.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What steers its reader, and pictographs, for which invoices and parcel labels have no glyphs.
fn unfit(c: char) -> bool {
    steers(c) || ('\u{1f000}'..='\u{1faff}').contains(&c)
}

impl<'de, const MAX: usize> Deserialize<'de> for Line<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn a_line_is_trimmed_and_cannot_steer_what_prints_it() {
        assert_eq!(Line::<10>::parse("  आशा राव ").unwrap().as_str(), "आशा राव");
        for raw in [
            "",
            "   ",
            "a\r\nBcc: x",
            "a\0",
            "\u{202e}gpj",
            "a\u{2028}b",
            "a\u{1f600}",
            "01234567890",
        ] {
            assert!(Line::<10>::parse(raw).is_err(), "{raw:?}");
        }
    }
}

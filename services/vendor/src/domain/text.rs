//! Names and streets: text of one line.

use kernel::text::steers;
use serde::Deserialize;
use serde::de::Error as _;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadLine(&'static str);

/// 1 to `MAX` characters of one line. It is printed on invoices, in mails and on staff's screens: nothing in it may
/// steer what shows it, and everything in it can be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// What [`Self::parse`] refuses, as the inside of a regular expression's class.
    pub const REFUSED: &'static str = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}";

    /// Trims and checks.
    pub fn parse(raw: &str) -> Result<Self, BadLine> {
        // Before trimming, which takes line breaks at the ends away.
        if raw.chars().any(unfit) {
            return Err(BadLine("must not contain control characters or pictures"));
        }
        let text = raw.trim();
        match text.chars().count() {
            0 => Err(BadLine("must not be empty")),
            n if n > MAX => Err(BadLine("is too long")),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// What was kept: it was checked when it came in, by the rules of that day.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A copy of the text.
    pub fn text(&self) -> String {
        self.0.clone()
    }
}

/// What steers its reader, and pictographs, for which invoices have no glyphs.
fn unfit(c: char) -> bool {
    steers(c) || matches!(c, '\u{1f000}'..='\u{1faff}')
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
    fn a_line_is_trimmed_and_steers_nothing_that_prints_it() {
        assert_eq!(Line::<12>::parse("  Lotus Home ").unwrap().as_str(), "Lotus Home");
        for raw in
            ["", "  ", "a\nb", "a\0", "\u{202e}a", "a\u{2028}", "a\u{1f600}", "0123456789abc"]
        {
            assert!(Line::<12>::parse(raw).is_err(), "{raw:?}");
        }
    }
}

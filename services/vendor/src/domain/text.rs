//! Names and streets: text of one line.

use serde::Deserialize;
use serde::de::Error as _;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadLine(&'static str);

/// 1 to `MAX` characters of one line. It is printed on invoices, in mails and on staff's screens, so nothing in it may steer them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Trims and checks.
    pub fn parse(raw: &str) -> Result<Self, BadLine> {
        // Before trimming, which takes line breaks at the ends away.
        if raw.chars().any(steers) {
            return Err(BadLine("must not contain control characters"));
        }
        let text = raw.trim();
        match text.chars().count() {
            0 => Err(BadLine("must not be empty")),
            n if n > MAX => Err(BadLine("is too long")),
            _ => Ok(Self(text.to_owned())),
        }
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

/// Control characters, line separators, and marks that turn the direction of what follows.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
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
        for raw in ["", "  ", "a\nb", "a\0", "\u{202e}a", "a\u{2028}", "0123456789abc"] {
            assert!(Line::<12>::parse(raw).is_err(), "{raw:?}");
        }
    }
}

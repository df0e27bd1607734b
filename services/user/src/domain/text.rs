//! Free text of one line: names, streets, reasons.

use serde::Deserialize;
use serde::de::Error as _;

/// 1 to `MAX` characters of one line. It ends up in mails, documents and terminals of others, so nothing in it may steer them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Trims and checks.
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        // Before trimming: a line break at the end would otherwise slip through.
        if raw.chars().any(steers) {
            return Err("must not contain control characters");
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

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Control characters, line separators, and marks that change the direction of what follows.
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
    fn a_line_is_trimmed_and_cannot_steer_what_prints_it() {
        assert_eq!(Line::<10>::parse("  आशा राव ").unwrap().as_str(), "आशा राव");
        for raw in ["", "   ", "a\r\nBcc: x", "a\0", "\u{202e}gpj", "a\u{2028}b", "01234567890"] {
            assert!(Line::<10>::parse(raw).is_err(), "{raw:?}");
        }
    }
}

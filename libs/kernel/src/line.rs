//! Text of one line that is printed: names, streets, titles, reasons.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::text::{Invalid, shows, steers};

/// What [`line()`] refuses, as the inside of a regular expression's class.
pub(crate) const REFUSED: &str = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}";

/// What nobody sees, in the same form, see [`shows()`]. `\s` knows the spaces.
pub(crate) const UNSEEN: &str = "\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufffb\u{13441}\u{13442}\u{16fe4}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}";

/// Reads one line of 1 to `longest` characters, one of which can be seen, trimmed. It ends up in mails, terminals,
/// invoices and on parcels: nothing in it steers what shows it, and it holds no pictographs, for which invoices and labels
/// have no glyphs.
pub fn line(raw: &str, longest: usize) -> Result<String, &'static str> {
    // Before trimming: a line break at the end would otherwise slip through.
    if raw.chars().any(|c| steers(c) || matches!(c, '\u{1f000}'..='\u{1faff}')) {
        return Err("must not contain control characters or pictures");
    }
    let text = raw.trim();
    match text.chars().count() {
        n if n > longest => Err("is too long"),
        _ if !text.chars().any(shows) => Err("must not be empty"),
        _ => Ok(text.to_owned()),
    }
}

/// One line of 1 to `MAX` characters, see [`line()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Trims and checks.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        line(raw, MAX).map(Self).map_err(|why| Invalid { what: "text", why })
    }

    /// What was kept: it was checked when it came in, by the rules of that day.
    #[must_use]
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

impl<'de, const MAX: usize> Deserialize<'de> for Line<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        line(&String::deserialize(deserializer)?, MAX).map(Self).map_err(D::Error::custom)
    }
}

/// A [`Line`] that may be left out. Forms send an empty text for what nobody filled in: that is left out, too, as is one
/// in which nothing can be seen.
#[derive(Debug, Default)]
pub struct OptionalLine<const MAX: usize>(pub Option<Line<MAX>>);

impl<'de, const MAX: usize> Deserialize<'de> for OptionalLine<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?
            .filter(|text| text.chars().any(|c| shows(c) || steers(c)));
        text.map(|text| line(&text, MAX).map(Line)).transpose().map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;

//! Texts that are parsed once, at the door, and believed afterwards.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Invalid {
    /// What it was meant to be.
    pub what: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

/// What sets one kind of text apart from the others.
pub trait TextKind: 'static {
    /// The word for it in error messages.
    const WHAT: &'static str;
    /// Its name among the schemas.
    const SCHEMA: &'static str;
    /// A regular expression for its canonical form, for the schemas.
    const PATTERN: &'static str;

    /// Brings `raw` into the one form that is kept, or says what is wrong with it.
    fn canonical(raw: &str) -> Result<String, &'static str>;

    /// As much of `text` as a log may show.
    fn shown(text: &str) -> Cow<'_, str> {
        Cow::Borrowed(text)
    }
}

/// Marks the kinds that anybody may read. Only these have a `Display`; of personal data the
/// caller says which form is meant, [`Text::as_str`] or [`Text::masked`].
pub trait Plain: TextKind {}

/// A checked text of kind `K`.
pub struct Text<K> {
    raw: Box<str>,
    kind: PhantomData<fn() -> K>,
}

impl<K: TextKind> Text<K> {
    /// Checks `raw` and brings it into its canonical form.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        match K::canonical(raw) {
            Ok(text) => Ok(Self { raw: text.into_boxed_str(), kind: PhantomData }),
            Err(why) => Err(Invalid { what: K::WHAT, why }),
        }
    }

    /// The text as it may be logged: personal data is masked.
    pub fn masked(&self) -> Cow<'_, str> {
        K::shown(&self.raw)
    }
}

impl<K> Text<K> {
    /// What was kept: it was checked when it came in, by the rules of that day.
    #[must_use]
    pub fn kept(raw: &str) -> Self {
        Self { raw: raw.into(), kind: PhantomData }
    }

    /// The text, in full.
    pub fn as_str(&self) -> &str {
        &self.raw
    }
}

impl<K> AsRef<str> for Text<K> {
    fn as_ref(&self) -> &str {
        &self.raw
    }
}

// Written by hand, because a derive would ask the same of `K`.

impl<K> Clone for Text<K> {
    fn clone(&self) -> Self {
        Self { raw: self.raw.clone(), kind: PhantomData }
    }
}

impl<K> PartialEq for Text<K> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<K> Eq for Text<K> {}

impl<K> PartialOrd for Text<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Text<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl<K> Hash for Text<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<K: TextKind> fmt::Debug for Text<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", K::SCHEMA, self.masked())
    }
}

impl<K: Plain> fmt::Display for Text<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.raw)
    }
}

impl<K: TextKind> FromStr for Text<K> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<K> Serialize for Text<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.raw)
    }
}

impl<'de, K: TextKind> Deserialize<'de> for Text<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).map_err(D::Error::custom)
    }
}

/// Whether `c` steers what shows it instead of being shown: control characters, line separators, and marks that turn
/// the direction of what follows.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a reader sees something where `c` stands: it is neither space nor one of the marks that have no shape of their
/// own, such as joiners, fillers and selectors of a variant. Those belong into words; alone they are no text.
pub fn shows(c: char) -> bool {
    !unseen::is_unseen(c) && !c.is_whitespace() && !steers(c)
}

/// Reads text of several lines that people wrote for people: at most `longest` characters, nothing in it steers what
/// shows it, trimmed; empty where there is nothing to see. Markup is text like any other.
pub fn prose(what: &'static str, raw: &str, longest: usize) -> Result<String, Invalid> {
    if raw.chars().count() > longest {
        return Err(Invalid { what, why: "is too long" });
    }
    if raw.chars().any(|c| c != '\n' && steers(c)) {
        return Err(Invalid { what, why: "must be plain text" });
    }
    Ok(if raw.chars().any(shows) { raw.trim().to_owned() } else { String::new() })
}

mod unseen;

#[cfg(test)]
mod tests;

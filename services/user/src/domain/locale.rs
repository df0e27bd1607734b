//! The language somebody is written to in.

use serde::Deserialize;
use serde::de::Error as _;

/// A BCP 47 tag of a language and perhaps a country, such as `en-IN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale(String);

impl Default for Locale {
    fn default() -> Self {
        Self("en-IN".to_owned())
    }
}

impl Locale {
    pub fn parse(tag: &str) -> Result<Self, &'static str> {
        let (language, country) = tag
            .split_once('-')
            .map_or((tag, None), |(language, country)| (language, Some(country)));
        let language_fits =
            matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
        let country_fits =
            country.is_none_or(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
        if language_fits && country_fits {
            Ok(Self(tag.to_owned()))
        } else {
            Err("locale: must look like en or en-IN")
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Locale {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn a_locale_is_a_language_and_perhaps_a_country() {
        for tag in ["en", "en-IN", "hi-IN", "kok-IN"] {
            assert_eq!(Locale::parse(tag).unwrap().as_str(), tag);
        }
        for tag in ["", "e", "EN", "en-", "en-in", "en-IND", "en_IN", "en-IN-x"] {
            assert!(Locale::parse(tag).is_err(), "{tag}");
        }
    }
}

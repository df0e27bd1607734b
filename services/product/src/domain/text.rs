//! The texts a seller writes: plain, short enough, parsed once at the door.

use std::collections::BTreeMap;

use kernel::line::line;
use kernel::text::{Plain, Text, TextKind, prose};
use kernel::{Invalid, Sku};
use serde::{Deserialize, Serialize};

/// What a line looks like, as a regular expression.
const LINE: &str = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}][^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}]{0,199}$";

/// Marks titles.
pub enum TitleKind {}
/// What a product is called.
pub type Title = Text<TitleKind>;

impl TextKind for TitleKind {
    const WHAT: &'static str = "title";
    const SCHEMA: &'static str = "Title";
    const PATTERN: &'static str = LINE;

    fn canonical(raw: &str) -> Result<String, &'static str> {
        line(raw, 200)
    }
}

impl Plain for TitleKind {}

/// Marks descriptions.
pub enum DescriptionKind {}
/// What a product is, in plain text with line breaks.
pub type Description = Text<DescriptionKind>;

impl TextKind for DescriptionKind {
    const WHAT: &'static str = "description";
    const SCHEMA: &'static str = "Description";
    const PATTERN: &'static str = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]{0,5000}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.replace("\r\n", "\n");
        prose(Self::WHAT, &text, 5000).map_err(|invalid| invalid.why)
    }
}

impl Plain for DescriptionKind {}

/// Marks codes of the Harmonised System of Nomenclature.
pub enum HsnKind {}
/// What a product is to the tax office: 4, 6 or 8 digits, of which the first two are a chapter of goods, 01 to 98. Chapter 99
/// is services, which nobody sells here.
pub type Hsn = Text<HsnKind>;

impl TextKind for HsnKind {
    const WHAT: &'static str = "hsn";
    const SCHEMA: &'static str = "Hsn";
    const PATTERN: &'static str = "^(0[1-9]|[1-8][0-9]|9[0-8])([0-9]{2}|[0-9]{4}|[0-9]{6})$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let digits = raw.bytes().all(|b| b.is_ascii_digit());
        if !digits || !matches!(raw.len(), 4 | 6 | 8) {
            return Err("must be 4, 6 or 8 digits");
        }
        if raw.starts_with("00") || raw.starts_with("99") {
            return Err("must begin with a chapter of goods, 01 to 98");
        }
        Ok(raw.to_owned())
    }
}

impl Plain for HsnKind {}

/// Marks SKUs of new variants.
pub enum NewSkuKind {}
/// A SKU that a seller gives to a new variant: any but `.` and `..`. It stands in addresses, where those two name a folder
/// and are taken away on the way.
pub type NewSku = Text<NewSkuKind>;

impl TextKind for NewSkuKind {
    const WHAT: &'static str = "sku";
    const SCHEMA: &'static str = "NewSku";
    const PATTERN: &'static str = "^([A-Za-z0-9_-][A-Za-z0-9._-]{0,63}|\\.[A-Za-z0-9_-][A-Za-z0-9._-]{0,62}|\\.\\.[A-Za-z0-9._-]{1,62})$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        if matches!(raw, "." | "..") {
            return Err("must be more than one or two dots");
        }
        Sku::parse(raw).map(|sku| sku.as_str().to_owned()).map_err(|invalid| invalid.why)
    }
}

impl Plain for NewSkuKind {}

/// Marks reasons.
pub enum ReasonKind {}
/// Why stock came or went, in the seller's words.
pub type Reason = Text<ReasonKind>;

impl TextKind for ReasonKind {
    const WHAT: &'static str = "reason";
    const SCHEMA: &'static str = "Reason";
    const PATTERN: &'static str = LINE;

    fn canonical(raw: &str) -> Result<String, &'static str> {
        line(raw, 200)
    }
}

impl Plain for ReasonKind {}

/// What makes a variant different: up to five named values, for example `{"size": "M"}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Options(BTreeMap<String, String>);

impl Options {
    /// The names and their values.
    pub fn get(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl TryFrom<BTreeMap<String, String>> for Options {
    type Error = Invalid;

    fn try_from(raw: BTreeMap<String, String>) -> Result<Self, Invalid> {
        let invalid = |why| Invalid { what: "options", why };
        if raw.len() > 5 {
            return Err(invalid("must be at most 5"));
        }
        let mut options = BTreeMap::new();
        for (name, value) in raw {
            let name = line(&name, 32).map_err(invalid)?;
            let value = line(&value, 64).map_err(invalid)?;
            if options.insert(name, value).is_some() {
                return Err(invalid("a name must not stand twice"));
            }
        }
        Ok(Self(options))
    }
}

impl From<Options> for BTreeMap<String, String> {
    fn from(options: Options) -> Self {
        options.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_trimmed_line() {
        assert_eq!(Title::parse("  Brass lamp ").unwrap().as_str(), "Brass lamp");
        assert!(Title::parse(" ").is_err());
        for raw in ["two\nlines", "a\n", "a\0", "\u{202e}a", "a\u{2028}b", "a\u{1f600}"] {
            assert!(Title::parse(raw).is_err(), "{raw:?}");
        }
        assert!(Title::parse(&"é".repeat(200)).is_ok());
        assert!(Title::parse(&"é".repeat(201)).is_err());
    }

    #[test]
    fn a_new_sku_is_no_name_of_a_folder() {
        for folder in [".", ".."] {
            assert!(NewSku::parse(folder).is_err(), "{folder}");
        }
        let longest = "9".repeat(64);
        for sku in ["...", ".a", "..a", "a.", "-", longest.as_str()] {
            assert_eq!(NewSku::parse(sku).unwrap().as_str(), sku);
        }
        assert!(NewSku::parse(&"9".repeat(65)).is_err());
    }

    #[test]
    fn a_description_keeps_its_line_breaks_and_nothing_else() {
        assert_eq!(Description::parse("a\r\nb").unwrap().as_str(), "a\nb");
        assert_eq!(Description::parse("").unwrap().as_str(), "");
        assert!(Description::parse("bell \u{7}").is_err());
        assert!(Description::parse("escape \u{1b}[31m").is_err());
        assert!(Description::parse("turned \u{202e}round").is_err());
        assert!(Description::parse("smile \u{1f600}").is_ok());
        assert!(Description::parse(&"x".repeat(5001)).is_err());
    }

    #[test]
    fn an_hsn_has_four_six_or_eight_digits_and_is_one_of_goods() {
        for good in ["8306", "830629", "83062910", "0101", "9804"] {
            assert!(Hsn::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "830", "83062", "83O6", "８３０６", "8306 ", "0000", "9983", "998314"] {
            assert!(Hsn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_variant_has_at_most_five_options() {
        let options = |n: usize| -> BTreeMap<String, String> {
            (0..n).map(|i| (format!("o{i}"), "v".to_owned())).collect()
        };
        assert!(Options::try_from(options(5)).is_ok());
        assert!(Options::try_from(options(6)).is_err());
        let nameless = BTreeMap::from([(String::new(), "v".to_owned())]);
        assert!(Options::try_from(nameless).is_err());
        let twice = BTreeMap::from([("a".into(), "1".into()), (" a".into(), "2".into())]);
        assert!(Options::try_from(twice).is_err());
    }
}

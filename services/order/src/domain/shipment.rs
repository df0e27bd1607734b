//! Who carries a parcel, and under which number.

use kernel::line::line;
use kernel::text::{Plain, Text, TextKind};

/// Marks carriers.
pub enum CarrierKind {}
/// The name of a carrier.
pub type Carrier = Text<CarrierKind>;

impl TextKind for CarrierKind {
    const WHAT: &'static str = "carrier";
    const SCHEMA: &'static str = "Carrier";
    const PATTERN: &'static str = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}]\
        [^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{1f000}-\u{1faff}]{0,59}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let name = line(raw, 60)?;
        // So the books call a seller who has cash of which no carrier is known.
        let is_a_seller = name.to_ascii_lowercase().starts_with("seller:");
        if is_a_seller { Err("must be the name of a carrier") } else { Ok(name) }
    }
}

impl Plain for CarrierKind {}

/// Marks tracking numbers.
pub enum TrackingNumberKind {}
/// The number under which a carrier knows a parcel.
pub type TrackingNumber = Text<TrackingNumberKind>;

impl TextKind for TrackingNumberKind {
    const WHAT: &'static str = "tracking_number";
    const SCHEMA: &'static str = "TrackingNumber";
    const PATTERN: &'static str = "^[A-Za-z0-9/-]{1,40}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/');
        match raw.len() {
            0 => Err("must not be empty"),
            1..=40 if raw.bytes().all(allowed) => Ok(raw.to_owned()),
            1..=40 => Err("only letters, digits, '-' and '/'"),
            _ => Err("longer than 40 characters"),
        }
    }
}

impl Plain for TrackingNumberKind {}

/// A parcel on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    pub carrier: Carrier,
    /// Under which number.
    pub tracking_number: TrackingNumber,
}

#[cfg(test)]
mod tests {
    use super::{Carrier, TrackingNumber};

    #[test]
    fn names_are_trimmed_and_what_steers_their_reader_is_refused() {
        assert_eq!(Carrier::parse(" India Post ").unwrap().as_str(), "India Post");
        assert!(Carrier::parse("भारतीय डाक & <b>").is_ok());
        let long = "x".repeat(61);
        for wrong in ["", "  ", "India\r\nBcc: x", "a\0", "\u{202e}tsoP", "📦", "Seller: 01", &long]
        {
            assert!(Carrier::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn tracking_numbers_are_plain() {
        assert!(TrackingNumber::parse("EE123456789IN").is_ok());
        for wrong in ["", "EE 1", "<b>", &"1".repeat(41)] {
            assert!(TrackingNumber::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

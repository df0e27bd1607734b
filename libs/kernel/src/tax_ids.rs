//! The numbers under which tax offices and registers know a business.

use std::borrow::Cow;

use crate::StateCode;
use crate::text::{Plain, Text, TextKind};

/// The alphabet of the GSTIN's check digit; a character's place is its value.
const BASE36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Marks permanent account numbers.
pub enum PanKind {}
/// An Indian permanent account number. Its last letter's rule is not public, so not checked.
pub type Pan = Text<PanKind>;

impl TextKind for PanKind {
    const WHAT: &'static str = "pan";
    const SCHEMA: &'static str = "Pan";
    const PATTERN: &'static str = "^[A-Z]{3}[PCHFATBLJG][A-Z][0-9]{4}[A-Z]$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 10 {
            return Err("must have 10 characters");
        }
        if !bytes[..5].iter().all(u8::is_ascii_uppercase) {
            return Err("must begin with five letters");
        }
        if !b"PCHFATBLJG".contains(&bytes[3]) {
            return Err("the fourth letter names no kind of holder");
        }
        if !bytes[5..9].iter().all(u8::is_ascii_digit) {
            return Err("four digits must follow the letters");
        }
        if &bytes[5..9] == b"0000" {
            return Err("serial 0000 is not given out");
        }
        if !bytes[9].is_ascii_uppercase() {
            return Err("must end with a letter");
        }
        Ok(text)
    }

    fn shown(text: &str) -> Cow<'_, str> {
        let (head, tail) = (text.get(..5), text.get(9..));
        Cow::Owned(format!("{}XXXX{}", head.unwrap_or_default(), tail.unwrap_or_default()))
    }
}

impl Pan {
    /// The letter that tells the kind of holder, such as `P` for a person.
    pub fn holder(&self) -> char {
        self.as_str().chars().nth(3).unwrap_or_default()
    }
}

/// Marks GST identification numbers.
pub enum GstinKind {}
/// A GST identification number of a regular taxpayer.
pub type Gstin = Text<GstinKind>;

impl TextKind for GstinKind {
    const WHAT: &'static str = "gstin";
    const SCHEMA: &'static str = "Gstin";
    const PATTERN: &'static str = "^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 15 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err("must be 15 letters and digits");
        }
        let digits = bytes[..2].iter().chain(&bytes[7..11]).all(u8::is_ascii_digit);
        let letters = bytes[2..7].iter().chain(&bytes[11..12]).all(u8::is_ascii_uppercase);
        if !digits || !letters || bytes[12] == b'0' || bytes[13] != b'Z' {
            return Err("letters and digits are not in their places");
        }
        StateCode::parse(&text[..2]).map_err(|_| "does not begin with a state code")?;
        Pan::parse(&text[2..12]).map_err(|_| "does not contain a valid pan")?;
        if check_digit(&bytes[..14]) != Some(bytes[14]) {
            return Err("wrong check digit");
        }
        Ok(text)
    }
}

impl Plain for GstinKind {}

/// The check digit over the first 14 characters.
fn check_digit(body: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (byte, factor) in body.iter().zip([1, 2].into_iter().cycle()) {
        let product = BASE36.iter().position(|known| known == byte)? * factor;
        sum += product / 36 + product % 36;
    }
    BASE36.get((36 - sum % 36) % 36).copied()
}

impl Gstin {
    /// The state the business is registered in.
    pub fn state(&self) -> StateCode {
        // Parsing has checked the code, so the fallback never comes up.
        StateCode::parse(&self.as_str()[..2]).unwrap_or(StateCode::OTHER_TERRITORY)
    }

    /// The holder's permanent account number.
    pub fn pan(&self) -> Pan {
        Pan::kept(&self.as_str()[2..12])
    }
}

/// Marks Hong Kong business registration numbers.
pub enum HkBrnKind {}
/// A Hong Kong business registration number: 8 digits, also read from a certificate number such
/// as `12345678-000-01-11-1`.
pub type HkBrn = Text<HkBrnKind>;

impl TextKind for HkBrnKind {
    const WHAT: &'static str = "hk_brn";
    const SCHEMA: &'static str = "HkBrn";
    const PATTERN: &'static str = "^[0-9]{8}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.trim();
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err("only digits, with hyphens in a certificate number");
        }
        let lengths: Vec<usize> = text.split('-').map(str::len).collect();
        match lengths[..] {
            [8] | [8, 3, 2, 2, 1] => Ok(text[..8].to_owned()),
            _ => Err("must be 8 digits or a full certificate number"),
        }
    }
}

impl Plain for HkBrnKind {}

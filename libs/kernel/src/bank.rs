//! Where money is sent: bank branches and UPI addresses.

use std::borrow::Cow;

use crate::text::{Plain, Text, TextKind};

/// Marks bank branch codes.
pub enum IfscKind {}
/// The code of an Indian bank branch, such as `HDFC0000053`.
pub type Ifsc = Text<IfscKind>;

impl TextKind for IfscKind {
    const WHAT: &'static str = "ifsc";
    const SCHEMA: &'static str = "Ifsc";
    const PATTERN: &'static str = "^[A-Z]{4}0[A-Z0-9]{6}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text = raw.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 11 {
            return Err("must have 11 characters");
        }
        if !bytes[..4].iter().all(u8::is_ascii_uppercase) {
            return Err("must begin with four letters");
        }
        if bytes[4] != b'0' {
            return Err("the fifth character must be 0");
        }
        if !bytes[5..].iter().all(u8::is_ascii_alphanumeric) {
            return Err("must end with six letters or digits");
        }
        Ok(text)
    }
}

impl Plain for IfscKind {}

impl Ifsc {
    /// The four letters of the bank.
    pub fn bank(&self) -> &str {
        &self.as_str()[..4]
    }
}

/// Marks UPI addresses.
pub enum VpaKind {}
/// A UPI address, such as `shop@okaxis`. It may name a person, so `Debug` masks it.
pub type Vpa = Text<VpaKind>;

impl TextKind for VpaKind {
    const WHAT: &'static str = "vpa";
    const SCHEMA: &'static str = "Vpa";
    const PATTERN: &'static str = r"^[A-Za-z0-9][A-Za-z0-9.\-_]{0,254}@[A-Za-z][A-Za-z0-9]{1,63}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let (name, handle) = raw.split_once('@').ok_or("no @ in it")?;
        let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if !(1..=255).contains(&name.len()) || !name.bytes().all(in_name) {
            return Err("1 to 255 letters, digits, '.', '-' and '_' before the @");
        }
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err("must begin with a letter or digit");
        }
        if !(2..=64).contains(&handle.len())
            || !handle.bytes().all(|b| b.is_ascii_alphanumeric())
            || !handle.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            return Err("2 to 64 letters and digits after the @, a letter first");
        }
        Ok(raw.to_owned())
    }

    fn shown(text: &str) -> Cow<'_, str> {
        let (name, handle) = text.split_once('@').unwrap_or_default();
        Cow::Owned(format!("{}***@{handle}", name.get(..1).unwrap_or_default()))
    }
}

/// Marks UPI transaction ids.
pub enum UpiTxnIdKind {}
/// A reference that a UPI payment carries: 1 to 35 letters and digits.
pub type UpiTxnId = Text<UpiTxnIdKind>;

impl TextKind for UpiTxnIdKind {
    const WHAT: &'static str = "upi_txn_id";
    const SCHEMA: &'static str = "UpiTxnId";
    const PATTERN: &'static str = "^[A-Za-z0-9]{1,35}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        match raw.len() {
            0 => Err("must not be empty"),
            1..=35 if raw.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(raw.to_owned()),
            1..=35 => Err("only letters and digits"),
            _ => Err("longer than 35 characters"),
        }
    }
}

impl Plain for UpiTxnIdKind {}

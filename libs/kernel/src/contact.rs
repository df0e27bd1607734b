//! How people are reached. All of it is personal data, so `Debug` masks it.

use std::borrow::Cow;

use crate::text::{Text, TextKind};

/// Marks e-mail addresses.
pub enum EmailAddressKind {}
/// An e-mail address in small letters, of plain ASCII.
pub type EmailAddress = Text<EmailAddressKind>;

impl TextKind for EmailAddressKind {
    const WHAT: &'static str = "email";
    const SCHEMA: &'static str = "EmailAddress";
    const PATTERN: &'static str = r"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{3,189}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        // Before trimming: a line break at the end would otherwise slip into a mail header.
        if raw.chars().any(char::is_control) {
            return Err("must not contain control characters");
        }
        let text = raw.trim();
        if !text.is_ascii() {
            return Err("only ASCII characters");
        }
        if text.len() > 254 {
            return Err("longer than 254 characters");
        }
        let (local, domain) = text.split_once('@').ok_or("no @ in it")?;
        check_local(local)?;
        check_domain(domain)?;
        Ok(text.to_ascii_lowercase())
    }

    fn shown(text: &str) -> Cow<'_, str> {
        let (local, domain) = text.split_once('@').unwrap_or_default();
        Cow::Owned(format!("{}***@{domain}", local.get(..1).unwrap_or_default()))
    }
}

/// Checks what stands before the @.
fn check_local(local: &str) -> Result<(), &'static str> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    if local.is_empty() || local.len() > 64 {
        return Err("1 to 64 characters before the @");
    }
    if !local.bytes().all(allowed) {
        return Err("a character before the @ is not allowed");
    }
    if local.split('.').any(str::is_empty) {
        return Err("a dot stands alone before the @");
    }
    Ok(())
}

/// Checks what stands after the @.
fn check_domain(domain: &str) -> Result<(), &'static str> {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    if !domain.contains('.') || !domain.split('.').all(label_fits) {
        return Err("no domain name after the @");
    }
    if top.len() < 2 || top.bytes().all(|b| b.is_ascii_digit()) {
        return Err("no domain name after the @");
    }
    Ok(())
}

impl EmailAddress {
    /// The address under which accounts are compared: without a `+tag`.
    pub fn account_key(&self) -> String {
        let (local, domain) = self.as_str().split_once('@').unwrap_or_default();
        match local.split_once('+') {
            Some((name, _)) if !name.is_empty() => format!("{name}@{domain}"),
            Some(_) | None => self.as_str().to_owned(),
        }
    }

    /// What stands after the @.
    pub fn domain(&self) -> &str {
        self.as_str().split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Marks telephone numbers.
pub enum PhoneKind {}
/// A telephone number in E.164 form, such as `+919876543210`.
pub type Phone = Text<PhoneKind>;

impl TextKind for PhoneKind {
    const WHAT: &'static str = "phone";
    const SCHEMA: &'static str = "Phone";
    const PATTERN: &'static str = r"^\+[1-9][0-9]{7,14}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let text: String =
            raw.trim().chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        let digits = text.strip_prefix('+').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err("only digits after an optional +");
        }
        if !text.starts_with('+') {
            return indian(digits);
        }
        if digits.starts_with('0') || !(8..=15).contains(&digits.len()) {
            return Err("8 to 15 digits after the +, the first not 0");
        }
        if let Some(number) = digits.strip_prefix("91") {
            // The 0 in front of a number at home is not part of it.
            if number.len() != 10 || number.starts_with('0') {
                return Err("10 digits after +91, the first not 0");
            }
        }
        Ok(text)
    }

    fn shown(text: &str) -> Cow<'_, str> {
        let last = text.len().saturating_sub(4);
        Cow::Owned(format!("+***{}", text.get(last..).unwrap_or_default()))
    }
}

/// Completes an Indian mobile number that was written without its country.
fn indian(digits: &str) -> Result<String, &'static str> {
    let number = digits.strip_prefix('0').unwrap_or(digits);
    if number.len() == 10 && number.starts_with(['6', '7', '8', '9']) {
        Ok(format!("+91{number}"))
    } else {
        Err("without a + it must be an Indian mobile number of 10 digits")
    }
}

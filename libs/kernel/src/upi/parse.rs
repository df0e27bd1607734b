//! Reading the payment links of others.

use std::collections::BTreeMap;

use super::encoding::percent_decode;
use crate::{Invalid, Money, Vpa};

/// A payment link that somebody else made. Pass on the text, not this: it may be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayLink {
    /// Who is paid.
    pub payee: Vpa,
    /// How much, if the link says so.
    pub amount: Option<Money>,
    fields: BTreeMap<String, String>,
}

impl PayLink {
    /// The decoded value of `key`, such as `tr`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.fields.get(key).map(String::as_str)
    }
}

/// Reads a link. Values that we do not need are not checked, as payment apps do not either.
pub fn parse(link: &str) -> Result<PayLink, Invalid> {
    let refuse = |why| Invalid { what: "upi link", why };
    let query = link.strip_prefix("upi://pay?").ok_or(refuse("must begin with upi://pay?"))?;
    let mut fields = BTreeMap::new();
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').ok_or(refuse("a key has no value"))?;
        let value = percent_decode(value).ok_or(refuse("a value is badly encoded"))?;
        if fields.insert(key.to_owned(), value).is_some() {
            return Err(refuse("a key comes twice"));
        }
    }
    let payee = Vpa::parse(fields.get("pa").ok_or(refuse("no payee"))?)?;
    if fields.get("cu").is_some_and(|currency| currency != "INR") {
        return Err(refuse("only rupees can be paid"));
    }
    let amount = fields.get("am").map(|amount| parse_amount(amount)).transpose()?;
    Ok(PayLink { payee, amount, fields })
}

/// Reads an amount such as `1499.00`: up to nine digits, at most two decimals, more than nothing.
pub fn parse_amount(text: &str) -> Result<Money, Invalid> {
    let invalid = Invalid { what: "upi amount", why: "must look like 1499.00" };
    let (rupees, paise) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(rupees) || !digits(paise) || rupees.len() > 9 || paise.len() > 2 {
        return Err(invalid);
    }
    let total: i64 = format!("{rupees}{paise:0<2}").parse().map_err(|_| invalid)?;
    if total == 0 {
        return Err(Invalid { what: "upi amount", why: "must be more than nothing" });
    }
    Ok(Money::inr(total))
}

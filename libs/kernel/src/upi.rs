//! UPI payment links, `upi://pay?...`, which are also what a QR code holds.

mod encoding;
mod parse;

pub use parse::{PayLink, parse, parse_amount};

use std::fmt;

use crate::text::shows;
use crate::{Currency, Invalid, Money, UpiTxnId, Vpa};
use encoding::percent_encode;

/// A payment link that we make.
///
/// Its [`Display`](fmt::Display) is the link, with the keys in the order of NPCI's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    payee: Vpa,
    name: String,
    reference: UpiTxnId,
    amount: Money,
    merchant_code: Option<String>,
    note: Option<String>,
    url: Option<String>,
}

impl Link {
    /// Asks for `amount` rupees to be paid to `payee`, under our `reference`.
    pub fn new(
        payee: Vpa,
        name: &str,
        reference: UpiTxnId,
        amount: Money,
    ) -> Result<Self, Invalid> {
        let refuse = |why| Err(Invalid { what: "upi link", why });
        if !name.chars().any(shows) {
            return refuse("the payee has no name");
        }
        if amount.currency() != Currency::Inr {
            return refuse("only rupees can be paid");
        }
        if amount.minor() <= 0 {
            return refuse("the amount must be more than nothing");
        }
        let name = name.to_owned();
        let (merchant_code, note, url) = (None, None, None);
        Ok(Self { payee, name, reference, amount, merchant_code, note, url })
    }

    /// Adds the payee's merchant category code, four digits.
    pub fn merchant_code(mut self, code: &str) -> Result<Self, Invalid> {
        if code.len() != 4 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid { what: "upi link", why: "a merchant code has four digits" });
        }
        self.merchant_code = Some(code.to_owned());
        Ok(self)
    }

    /// Adds a note for the payer.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        self.note = Some(note.to_owned());
        self
    }

    /// Adds the address of a page about this payment.
    pub fn url(mut self, url: &str) -> Result<Self, Invalid> {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Invalid { what: "upi link", why: "the url must be http or https" });
        }
        self.url = Some(url.to_owned());
        Ok(self)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A VPA has no character that needs encoding, and apps expect its @ as it is.
        write!(f, "upi://pay?pa={}&pn={}", self.payee.as_str(), percent_encode(&self.name))?;
        if let Some(code) = &self.merchant_code {
            write!(f, "&mc={code}")?;
        }
        write!(f, "&tr={}", self.reference)?;
        if let Some(note) = &self.note {
            write!(f, "&tn={}", percent_encode(note))?;
        }
        write!(f, "&am={}&cu={}", self.amount.decimal(), self.amount.currency())?;
        if let Some(url) = &self.url {
            write!(f, "&url={}", percent_encode(url))?;
        }
        Ok(())
    }
}

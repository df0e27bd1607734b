//! The numbers printed on invoices, credit notes and bills of supply.

use crate::Invalid;
use crate::gst::FinancialYear;
use crate::text::{Plain, Text, TextKind};

/// Marks invoice numbers.
pub enum InvoiceNumberKind {}
/// An invoice number by Rule 46(b) and the e-invoice schema: at most 16 letters, digits, `-` and
/// `/`, not beginning with `0`, `-` or `/`. Kept in capitals, as numbers are compared.
pub type InvoiceNumber = Text<InvoiceNumberKind>;

impl TextKind for InvoiceNumberKind {
    const WHAT: &'static str = "invoice number";
    const SCHEMA: &'static str = "InvoiceNumber";
    const PATTERN: &'static str = "^[A-Z1-9][A-Z0-9/-]{0,15}$";

    fn canonical(raw: &str) -> Result<String, &'static str> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/');
        if raw.is_empty() {
            return Err("must not be empty");
        }
        if !raw.bytes().all(allowed) {
            return Err("only letters, digits, '-' and '/'");
        }
        if raw.len() > 16 {
            return Err("longer than 16 characters");
        }
        if raw.starts_with(['0', '-', '/']) {
            return Err("must not begin with '0', '-' or '/'");
        }
        Ok(raw.to_ascii_uppercase())
    }
}

impl Plain for InvoiceNumberKind {}

/// How many numbers a row has, as its six digits hold them.
const ROW: u32 = 999_999;
/// The fifth characters of a series' rows: of sales, and of credit notes. None occurs twice, so no two numbers are alike.
const SALES: [char; 2] = ['/', 'B'];
const CREDITS: [char; 2] = ['C', 'D'];

impl InvoiceNumber {
    /// The last number of a series.
    pub const LAST: u32 = 2 * ROW;

    /// Puts the `n`th number of what a seller sells together, such as `A1B2/2627/000001`, and `A1B2B2627/000001` for the
    /// millionth: a second row follows a full one.
    pub fn compose(prefix4: &str, year: FinancialYear, n: u32) -> Result<Self, Invalid> {
        Self::write(prefix4, SALES, year, n)
    }

    /// Puts the `n`th number of a seller's credit notes together, such as `A1B2C2627/000001`. The fifth character keeps
    /// it apart from all numbers of sales.
    pub fn compose_credit(prefix4: &str, year: FinancialYear, n: u32) -> Result<Self, Invalid> {
        Self::write(prefix4, CREDITS, year, n)
    }

    fn write(
        prefix4: &str,
        [first, second]: [char; 2],
        year: FinancialYear,
        n: u32,
    ) -> Result<Self, Invalid> {
        let what = "invoice number";
        if prefix4.len() != 4 || !prefix4.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Invalid { what, why: "the prefix must be 4 letters or digits" });
        }
        let (row, n) = match n {
            1..=ROW => (first, n),
            n if (1..=Self::LAST).contains(&n) => (second, n - ROW),
            _ => return Err(Invalid { what, why: "the series holds 1 to 1999998" }),
        };
        Self::parse(&format!("{prefix4}{row}{}/{n:06}", year.short()))
    }
}

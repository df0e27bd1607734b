//! Amounts as people read them.

use std::fmt;

use crate::{Currency, Money};

impl Money {
    /// The amount as a plain decimal number, such as `-1499.00`.
    pub fn decimal(self) -> String {
        let (sign, whole, fraction) = self.figures();
        format!("{sign}{whole}{fraction}")
    }

    /// Sign, wholes, and the fraction with its point.
    fn figures(self) -> (&'static str, u64, String) {
        let units = self.minor().unsigned_abs();
        let per_whole = self.currency().units_per_whole();
        let fraction = match self.currency().exponent() {
            0 => String::new(),
            2 => format!(".{:02}", units % per_whole),
            _ => format!(".{:03}", units % per_whole),
        };
        (if self.is_negative() { "-" } else { "" }, units / per_whole, fraction)
    }
}

/// Writes the amount with its sign and digit groups, such as `₹1,23,456.78`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, fraction) = self.figures();
        let (symbol, group) = match self.currency() {
            Currency::Inr => ("₹", 2),
            Currency::Hkd => ("HK$", 3),
            Currency::Usd => ("US$", 3),
            Currency::Jpy => ("JP¥", 3),
            Currency::Krw => ("₩", 3),
            Currency::Kwd => ("KWD ", 3),
            Currency::Bhd => ("BHD ", 3),
            Currency::Omr => ("OMR ", 3),
        };
        f.pad(&format!("{sign}{symbol}{}{fraction}", grouped(whole, group)))
    }
}

/// The digits of `number`: three to the right of the last comma, then groups of `group`.
fn grouped(number: u64, group: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        let to_come = digits.len() - index;
        if index > 0 && to_come >= 3 && (to_come - 3).is_multiple_of(group) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

//! Amounts in words, as invoices print them.

use crate::{Currency, Money};

const ONES: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const TENS: [&str; 10] =
    ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
const INDIAN: &[(u64, &str)] =
    &[(10_000_000, "Crore"), (100_000, "Lakh"), (1_000, "Thousand"), (100, "Hundred")];
const WESTERN: &[(u64, &str)] = &[
    (1_000_000_000_000, "Trillion"),
    (1_000_000_000, "Billion"),
    (1_000_000, "Million"),
    (1_000, "Thousand"),
    (100, "Hundred"),
];

impl Money {
    /// The amount in English words: rupees in the Indian system, other currencies in the western.
    pub fn in_words(self) -> String {
        let (wholes, parts) = names(self.currency());
        let scale = if self.currency() == Currency::Inr { INDIAN } else { WESTERN };
        let units = self.minor().unsigned_abs();
        let per_whole = self.currency().units_per_whole();
        let sign = if self.is_negative() { "Minus " } else { "" };
        let whole = words(units / per_whole, scale);
        if units.is_multiple_of(per_whole) {
            format!("{sign}{wholes} {whole} Only")
        } else {
            let part = words(units % per_whole, scale);
            format!("{sign}{wholes} {whole} And {parts} {part} Only")
        }
    }
}

/// What the whole and its part are called.
const fn names(currency: Currency) -> (&'static str, &'static str) {
    match currency {
        Currency::Inr => ("Rupees", "Paise"),
        Currency::Hkd => ("Hong Kong Dollars", "Cents"),
        Currency::Usd => ("US Dollars", "Cents"),
        Currency::Jpy => ("Yen", "Sen"),
        Currency::Krw => ("Won", "Jeon"),
        Currency::Kwd => ("Kuwaiti Dinars", "Fils"),
        Currency::Bhd => ("Bahraini Dinars", "Fils"),
        Currency::Omr => ("Omani Rials", "Baisa"),
    }
}

/// `number` in words; what is too large for the scale repeats its largest step.
fn words(number: u64, scale: &[(u64, &str)]) -> String {
    for (size, name) in scale {
        if number >= *size {
            let head = format!("{} {name}", words(number / size, scale));
            let rest = number % size;
            return if rest == 0 { head } else { format!("{head} {}", words(rest, scale)) };
        }
    }
    below_hundred(number)
}

/// A `number` below a hundred in words.
fn below_hundred(number: u64) -> String {
    let at = |list: &[&'static str], index: u64| {
        usize::try_from(index).ok().and_then(|index| list.get(index).copied()).unwrap_or_default()
    };
    match (number < 20, number % 10) {
        (true, _) => at(&ONES, number).to_owned(),
        (false, 0) => at(&TENS, number / 10).to_owned(),
        (false, ones) => format!("{} {}", at(&TENS, number / 10), at(&ONES, ones)),
    }
}

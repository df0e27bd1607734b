//! Tables as files. What stands in them is numbers, days, ids and our own words, and [`words`] of others: nothing that a
//! spreadsheet would run.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Money;

/// The name of a file without its ending, if it has this one.
pub fn stem(file: &str) -> Option<&str> {
    file.strip_suffix(".csv")
}

/// A table as a file of this name.
pub fn file(name: &str, rows: &[Vec<String>]) -> Response {
    let mut text = String::new();
    for row in rows {
        text.push_str(&row.join(","));
        text.push_str("\r\n");
    }
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    let named = (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\""));
    ([kind, named], text).into_response()
}

/// The names of the columns.
pub fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// An amount in rupees and paise, as banks and spreadsheets read it.
pub fn rupees(amount: Money) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    let paise = amount.minor().unsigned_abs();
    format!("{sign}{}.{:02}", paise / 100, paise % 100)
}

/// What somebody else wrote, in quotes. What a spreadsheet would take for a formula begins with an apostrophe.
pub fn words(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_one_cell_and_no_formula() {
        for (words_of_others, cell) in [
            ("Nila, Sons & Co.", "\"Nila, Sons & Co.\""),
            ("The \"Lotus\"", "\"The \"\"Lotus\"\"\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("", "\"\""),
        ] {
            assert_eq!(words(words_of_others), cell);
        }
    }

    #[test]
    fn amounts_have_two_places_and_one_sign() {
        for (paise, text) in [(0, "0.00"), (-5, "-0.05"), (227_823, "2278.23"), (-100, "-1.00")] {
            assert_eq!(rupees(Money::inr(paise)), text);
        }
    }
}

//! A statement on paper: what stands where is here, how it looks is `paper`.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, VendorId};
use paper::date::{day, moment};
use paper::{Block, Cell, Column, Look, Party, Sheet, Table};

use crate::domain::calendar;
use crate::domain::statement::{Balance, Entry, Statement};

/// Whose statement it is.
#[derive(Debug, Clone)]
pub struct Seller {
    /// The name on documents.
    pub legal_name: String,
    pub gstin: Option<String>,
}

impl Seller {
    /// A seller of whom these names are known; until they were heard, by its id.
    pub fn named(names: Option<(String, Option<String>)>, id: VendorId) -> Self {
        let (legal_name, gstin) = names.unwrap_or_else(|| (id.to_string(), None));
        Self { legal_name, gstin }
    }
}

/// Writes out the `statement` of a seller by the platform of this name, as it is `now`.
pub fn statement(statement: &Statement, seller: Seller, platform: &str, now: Timestamp) -> Sheet {
    let (_, end) = statement.period.bounds();
    let table = table(statement, now);
    let mut facts = vec![
        ("From".to_owned(), date(statement.period.first())),
        ("To".to_owned(), date(statement.period.last())),
    ];
    if !statement.period.is_over(now) {
        facts.push(("As it is on".to_owned(), moment(now)));
    }
    let marks = seller.gstin.map(|gstin| ("GSTIN".to_owned(), gstin));
    let party =
        Party { name: seller.legal_name, marks: marks.into_iter().collect(), ..Party::default() };
    Sheet {
        title: "Statement".to_owned(),
        number: statement.period.to_string(),
        issuer: Party { name: platform.to_owned(), ..Party::default() },
        facts,
        blocks: vec![Block { label: "SELLER".to_owned(), party }],
        table,
        sums: vec![("Not due yet".to_owned(), statement.closing.pending.to_string())],
        total_label: "Due to be paid out".to_owned(),
        total: statement.closing.available.to_string(),
        notes: vec![
            "Amounts are in rupees, after commission, tax on it, and what is withheld for the tax offices. Below them stands what the buyer paid or gets back.".to_owned(),
            "Days are those of India. A negative balance is kept from what is released next.".to_owned(),
        ],
        footer: format!("Issued by {platform}"),
        made_at: Some(now.min(end)),
        ..Sheet::default()
    }
}

fn table(statement: &Statement, now: Timestamp) -> Table {
    let columns = vec![
        Column::left("Date"),
        Column::left("Order").wide(),
        Column::left("What").wide(),
        Column::right("Amount"),
        Column::right("Not due yet").look(Look::Quiet),
        Column::right("Due").look(Look::Strong),
    ];
    let mut rows = vec![total(statement.period.first(), "Opening balance", statement.opening)];
    rows.extend(statement.lines.iter().map(|(entry, balance)| {
        let account = if entry.is_pending() { "not due yet" } else { "due" };
        let mut row = vec![
            Cell::new(day(entry.posted_at)),
            Cell::new(entry.order_number.clone().unwrap_or_default()),
            Cell::new(capital(&entry.told())).under(account),
            amount(entry),
        ];
        row.extend(both(*balance));
        row
    }));
    let last = capital(statement.last_words(now));
    rows.push(total(statement.period.last_until(now), &last, statement.closing));
    Table { columns, rows }
}

/// With what the buyer paid, or gets, where the rest of that is others'.
fn amount(entry: &Entry) -> Cell {
    let amount = Cell::new(plain(entry.amount));
    match entry.parts {
        Some(parts) => amount.under(format!("of {}", plain(parts.gross))),
        None => amount,
    }
}

fn total(of: Date, what: &str, balance: Balance) -> Vec<Cell> {
    let mut row = vec![Cell::new(date(of)), Cell::new(""), Cell::new(what), Cell::new("")];
    row.extend(both(balance));
    row
}

fn both(balance: Balance) -> [Cell; 2] {
    [Cell::new(plain(balance.pending)), Cell::new(plain(balance.available))]
}

fn date(of: Date) -> String {
    day(calendar::start(of))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The note says once that it is rupees.
fn plain(amount: Money) -> String {
    amount.to_string().replace('₹', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::{AVAILABLE, PENDING};
    use crate::domain::period::Period;

    fn entry(account: &str, cause: &str, paise: i64) -> Entry {
        Entry {
            account: account.to_owned(),
            cause: cause.to_owned(),
            order_number: Some("M261122-000001".to_owned()),
            amount: Money::inr(paise),
            parts: None,
            why: (cause == "credit:1").then(|| "lost".to_owned()),
            posted_at: "2026-11-22T18:30:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn every_posting_stands_between_what_was_and_what_is_owed() {
        let owed = |pending, available| Balance {
            pending: Money::inr(pending),
            available: Money::inr(available),
        };
        let entries = vec![
            entry(PENDING, "release:1", -12_345_600),
            entry(AVAILABLE, "release:1", 12_345_600),
            entry(AVAILABLE, "credit:1", -100),
        ];
        let period = Period::parse("2026-11").unwrap();
        let made = Statement::of(period, owed(12_345_600, -100), entries).unwrap();
        let seller = Seller { legal_name: "Nila Crafts".into(), gstin: None };
        let now = "2026-12-05T00:00:00Z".parse().unwrap();
        let sheet = statement(&made, seller, "Mall", now);
        let text =
            |row: &Vec<Cell>| -> Vec<String> { row.iter().map(|c| c.text.clone()).collect() };
        let rows: Vec<Vec<String>> = sheet.table.rows.iter().map(text).collect();
        assert_eq!(rows[0], ["01 Nov 2026", "", "Opening balance", "", "1,23,456.00", "-1.00"]);
        let posted =
            ["23 Nov 2026", "M261122-000001", "Released", "1,23,456.00", "0.00", "1,23,455.00"];
        assert_eq!(rows[2], posted);
        assert_eq!(rows[3][2], "Taken back: lost on its way");
        assert_eq!(rows[4], ["30 Nov 2026", "", "Closing balance", "", "0.00", "1,23,454.00"]);
        assert_eq!(sheet.total, "₹1,23,454.00");
        assert_eq!(sheet.facts.len(), 2, "it is over");
        let press = paper::Press::open(1, "/nowhere".into()).unwrap();
        assert!(press.render(&sheet).unwrap().starts_with(b"%PDF"));
    }
}

//! Prints sheets, a few at a time.

use super::*;
use crate::{Block, Cell, Column, Party, Table};

fn statement(rows: usize) -> Sheet {
    let party = || Party { name: "Kaveri Handlooms".into(), ..Party::default() };
    Sheet {
        title: "Statement".into(),
        number: "2026-11".into(),
        issuer: party(),
        blocks: vec![Block { label: "SELLER".into(), party: party() }],
        facts: vec![("Period".into(), "November 2026".into())],
        table: Table {
            columns: vec![Column::left("Order").wide(), Column::right("Amount")],
            rows: vec![vec![Cell::new("M261122-000417"), Cell::new("1,051.22")]; rows],
        },
        total_label: "Paid".into(),
        total: "₹1,051.22".into(),
        ..Sheet::default()
    }
}

/// As long as the longest address is. When a face was opened for each character, nobody had the patience for it.
#[test]
fn long_chinese_text_is_set_as_soon_as_other_text() {
    let press =
        Press::open(1, "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into()).unwrap();
    let mut sheet = statement(0);
    sheet.table.rows = vec![vec![Cell::new("香水陳大文".repeat(40)), Cell::new("1")]; 3];
    assert!(press.render(&sheet).unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_document_needs_neither_code_nor_words_nor_signature_and_is_the_same_twice() {
    let press = Press::open(1, "/nowhere".into()).unwrap();
    for rows in [0, 1, 120] {
        let first = press.render(&statement(rows)).unwrap();
        assert!(first.starts_with(b"%PDF"));
        assert_eq!(press.render(&statement(rows)).unwrap(), first);
    }
}

//! The shared vectors of taxes and invoice numbers.

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::gst::{exclusive, inclusive, tcs};
use kernel::{FinancialYear, InvoiceNumber, Money, StateCode, SupplyType};
use serde_json::json;

use crate::cases::{Case, each};

/// The kind of supply that a case speaks of.
fn supply(case: &Case) -> SupplyType {
    if case.flag("inter_state") { SupplyType::Igst } else { SupplyType::CgstSgst }
}

fn rate(case: &Case) -> u32 {
    u32::try_from(case.number("rate_bp")).unwrap()
}

#[test]
fn supply_type() {
    each("gst_supply_type", |case| {
        let state = |key: &str| StateCode::parse(case.input[key].as_str().unwrap()).unwrap();
        let supply = SupplyType::of(state("supplier_state"), state("place_of_supply"));
        assert_eq!(json!(supply.components()), case.expected, "{}", case.id);
    });
}

#[test]
fn tax_on_top() {
    each("gst_exclusive", |case| {
        let tax = exclusive(Money::inr(case.number("taxable_paise")), rate(case), supply(case));
        assert_tax(case, tax.unwrap());
    });
}

#[test]
fn tax_within() {
    each("gst_inclusive", |case| {
        let tax = inclusive(Money::inr(case.number("gross_paise")), rate(case), supply(case));
        assert_tax(case, tax.unwrap());
    });
}

fn assert_tax(case: &Case, tax: kernel::gst::Tax) {
    let found = json!({
        "taxable": tax.taxable.minor(),
        "igst": tax.igst.minor(),
        "cgst": tax.cgst.minor(),
        "sgst": tax.sgst.minor(),
        "total": tax.total.minor(),
    });
    assert_eq!(found, case.expected, "{}", case.id);
}

#[test]
fn collected_at_source() {
    each("gst_tcs", |case| {
        let net = Money::inr(case.number("net_taxable_paise"));
        let tcs = tcs(net, 50, supply(case)).unwrap();
        let parts = [("cgst", tcs.cgst), ("sgst", tcs.sgst), ("igst", tcs.igst)];
        for (name, part) in parts {
            let expected = case.expected.get(name).map_or(0, |value| value.as_i64().unwrap());
            assert_eq!(part.minor(), expected, "{} {name}", case.id);
        }
    });
}

#[test]
fn financial_year() {
    each("gst_fy", |case| {
        let at: Timestamp = case.text().parse().unwrap();
        let year = FinancialYear::of(at);
        assert_eq!(year.to_string(), case.expected, "{}", case.id);
        assert_eq!(FinancialYear::parse(&year.to_string()), Ok(year), "{}", case.id);
    });
}

#[test]
fn invoice_number() {
    each("invoice_number", |case| {
        let parsed = InvoiceNumber::parse(case.text());
        assert_eq!(parsed.is_ok(), case.is_valid(), "{}", case.id);
    });
}

#[test]
fn invoice_sequence() {
    each("invoice_sequence", |case| {
        // The other case is about transactions, and tested where the counter is kept.
        let Some(issued) = case.input.as_array() else { return };
        let mut counters: HashMap<(String, FinancialYear), u32> = HashMap::new();
        let mut numbers = Vec::new();
        for invoice in issued {
            let prefix = invoice["supplier_prefix"].as_str().unwrap();
            let at: Timestamp = invoice["issued_at"].as_str().unwrap().parse().unwrap();
            let year = FinancialYear::of(at);
            let counter = counters.entry((prefix.to_owned(), year)).or_default();
            *counter += 1;
            let number = InvoiceNumber::compose(prefix, year, *counter).unwrap();
            numbers.push(number.as_str().to_owned());
        }
        assert_eq!(json!(numbers), case.expected, "{}", case.id);
    });
}

#[test]
fn a_series_has_two_rows_and_keeps_its_form() {
    let year = FinancialYear::of("2026-11-22T00:00:00Z".parse().unwrap());
    let number = |n| InvoiceNumber::compose("A1B2", year, n).unwrap();
    assert_eq!(number(999_999).as_str(), "A1B2/2627/999999");
    assert_eq!(number(1_000_000).as_str(), "A1B2B2627/000001");
    assert_eq!(number(InvoiceNumber::LAST).as_str(), "A1B2B2627/999999");
    let credit = InvoiceNumber::compose_credit("A1B2", year, 1_000_000).unwrap();
    assert_eq!(credit.as_str(), "A1B2D2627/000001");
    for (prefix, n) in
        [("A1B2", 0), ("A1B2", InvoiceNumber::LAST + 1), ("A1B", 1), ("0A1B", 1), ("A/B2", 1)]
    {
        assert!(InvoiceNumber::compose(prefix, year, n).is_err(), "{prefix} {n}");
    }
    let small = InvoiceNumber::parse("a1b2/2627/000001").unwrap();
    assert_eq!(small, InvoiceNumber::compose("A1B2", year, 1).unwrap());
}

#[test]
fn a_credit_note_has_sixteen_characters_and_no_number_of_a_sale() {
    let year = FinancialYear::of("2027-03-31T18:40:00Z".parse().unwrap());
    let number = InvoiceNumber::compose_credit("A1B2", year, 1).unwrap();
    assert_eq!((number.as_str(), number.as_str().len()), ("A1B2C2728/000001", 16));
    assert_ne!(number, InvoiceNumber::compose("A1B2", year, 1).unwrap());
    for (prefix, n) in [("A1B2", 0), ("A1B2", InvoiceNumber::LAST + 1), ("A1B", 1), ("0A1B", 1)] {
        assert!(InvoiceNumber::compose_credit(prefix, year, n).is_err(), "{prefix} {n}");
    }
}

#[test]
fn historic_states_count_as_what_they_became() {
    let state = |code: &str| StateCode::parse(code).unwrap();
    assert_eq!(SupplyType::of(state("28"), state("37")), SupplyType::CgstSgst);
    assert_eq!(SupplyType::of(state("25"), state("26")), SupplyType::CgstUtgst);
    assert!(StateCode::all().all(|state| state.as_str() != "25" && state.as_str() != "28"));
}

//! What the law wants to read on the paper.

use invoice::domain::{
    invoice::{Invoice, Purpose},
    item::Item,
    party::Registration,
};
use kernel::{InvoiceNumber, Money};

use crate::{
    fixtures::{gstin, invoice, item, items, particulars, rate, to_mumbai, unregistered},
    paper::Paper,
};

fn assert_shows(text: &str, facts: &[&str]) {
    for fact in facts {
        assert!(text.contains(fact), "{fact:?} is missing in: {text}");
    }
}

#[test]
fn a_tax_invoice_shows_every_particular_of_rule_46() {
    let text = Paper::of(&invoice()).text();

    assert_shows(&text, &["TAX INVOICE"]);
    // (a) supplier, (b) number, (c) date
    assert_shows(&text, &["Kaveri Handlooms Private Limited", "Malleshwaram", "29AABCU9603R1ZJ"]);
    assert_shows(&text, &["A1B2/2627/000001", "22 Nov 2026"]);
    // (d), (e), (f), (o) recipient and place of delivery with state and code
    assert_shows(&text, &["BILLED TO", "SHIPPED TO", "Anita Sharma", "अनिता शर्मा"]);
    assert_shows(
        &text,
        &["Flat 4B, 100 Feet Road", "Bengaluru 560038", "Karnataka, State code 29"],
    );
    // (g) tariff code, (h) description, (i) quantity and unit
    assert_shows(&text, &["52085900", "Handloom cotton saree", "63026010", "2 499.00", "NOS"]);
    // (j) value, (k) taxable value, (l) rate, (m) tax of each line
    assert_shows(&text, &["41.65 810.47 72.94 72.94 956.35", "4.13 90.35 2.26 2.26 94.87"]);
    assert_shows(&text, &["9% 9%", "2.5% 2.5%"]);
    assert_shows(&text, &["₹1,097.00", "−₹45.78", "₹900.82", "CGST ₹75.20", "SGST ₹75.20"]);
    assert_shows(&text, &["₹1,051.22", "Rupees One Thousand Fifty One And Paise Twenty Two Only"]);
    // (n) place of supply, (p) reverse charge, (q) issued for the supplier
    assert_shows(&text, &["PLACE OF SUPPLY", "Karnataka (29)"]);
    assert_shows(&text, &["Whether tax is payable under reverse charge: No"]);
    assert_shows(
        &text,
        &["Digitally issued by Mall on behalf of Kaveri Handlooms Private Limited"],
    );
    // The orders it belongs to.
    assert_shows(&text, &["M261122-000417 ", "M261122-000417-1"]);
}

#[test]
fn a_sale_across_a_border_shows_integrated_tax_only() {
    let text = Paper::of(&Invoice::issue(to_mumbai(), items()).unwrap()).text();

    assert_shows(&text, &["IGST", "145.88", "4.52", "Maharashtra (27)", "Mumbai 400050"]);
    assert!(!text.contains("CGST") && !text.contains("SGST"));
}

#[test]
fn a_business_buyer_finds_his_registration() {
    let mut particulars = to_mumbai();
    particulars.bill_to.gstin = Some(gstin("27AAPFU0939F1ZV"));

    assert_shows(
        &Paper::of(&Invoice::issue(particulars, items()).unwrap()).text(),
        &["GSTIN 27AAPFU0939F1ZV"],
    );
}

#[test]
fn an_unregistered_seller_issues_a_bill_of_supply_without_tax() {
    let text = Paper::of(&Invoice::issue(unregistered(), items()).unwrap()).text();

    assert_shows(&text, &["BILL OF SUPPLY", "Not registered", "₹1,051.22", "956.35"]);
    for tax in ["TAX INVOICE", "CGST", "SGST", "IGST", "Taxable", "TAX SUMMARY", "18%"] {
        assert!(!text.contains(tax), "{tax} on a bill of supply: {text}");
    }
}

/// Of a registered seller: what bears no tax stands on a bill of supply, or beside what does (rule 46A).
#[test]
fn exempt_goods_have_the_document_that_the_law_names() {
    let nil = || Item { rate: rate(0), ..item("BOOK", 50_000, 1) };
    let of = |items| Invoice::issue(particulars(), items).unwrap();
    let (exempt, mixed) = (of(vec![nil()]), of(vec![nil(), item("LAMP", 11_800, 1)]));

    let text = Paper::of(&exempt).text();
    assert_shows(&text, &["BILL OF SUPPLY", "29AABCU9603R1ZJ", "BILL NUMBER", "₹500.00"]);
    assert_shows(&text, &["No tax is charged on this supply."]);
    for tax in ["TAX INVOICE", "CGST", "SGST", "Taxable", "TAX SUMMARY", "0%"] {
        assert!(!text.contains(tax), "{tax} on a bill of supply: {text}");
    }

    let text = Paper::of(&mixed).text();
    assert_shows(&text, &["INVOICE-CUM-BILL OF SUPPLY", "INVOICE NUMBER", "0%", "9%", "₹600.00"]);
    assert_shows(&text, &["CGST ₹9.00", "SGST ₹9.00", "₹618.00"]);

    let mut registered = mixed.clone();
    registered.particulars.bill_to.gstin = Some(gstin("27AAPFU0939F1ZV"));
    assert_shows(&Paper::of(&registered).text(), &["TAX INVOICE"]);
}

#[test]
fn a_seller_under_the_composition_levy_says_so() {
    let mut particulars = particulars();
    particulars.supplier.registration =
        Registration::Composition { gstin: gstin("29AABCU9603R1ZJ") };
    let text = Paper::of(&Invoice::issue(particulars, items()).unwrap()).text();

    assert_shows(&text, &["BILL OF SUPPLY", "29AABCU9603R1ZJ"]);
    assert_shows(&text, &["Composition taxable person, not eligible to collect tax on supplies"]);
}

#[test]
fn a_credit_note_names_the_document_it_corrects() {
    let mut particulars = particulars();
    particulars.number = InvoiceNumber::parse("CA1B/2627/000001").unwrap();
    particulars.purpose = Purpose::Credit {
        against: InvoiceNumber::parse("A1B2/2627/000001").unwrap(),
        against_issued_at: "2026-11-20T20:00:00Z".parse().unwrap(),
        reason: "Returned by the buyer".to_owned(),
        commercial: false,
    };
    let text = Paper::of(&Invoice::issue(particulars, items()).unwrap()).text();

    assert_shows(&text, &["CREDIT NOTE", "CA1B/2627/000001", "A1B2/2627/000001", "21 Nov 2026"]);
    assert_shows(&text, &["Returned by the buyer", "Total credited ₹1,051.22"]);
    assert!(!text.contains("TAX INVOICE"));
}

#[test]
fn large_amounts_are_grouped_the_indian_way() {
    let sold = vec![item("GOLD", 1_234_567_890, 1)];
    let text = Paper::of(&Invoice::issue(particulars(), sold).unwrap()).text();

    assert_shows(&text, &["₹1,23,45,678.90", "Rupees One Crore Twenty Three Lakh"]);
}

#[test]
fn a_line_without_discounts_needs_no_column_for_them() {
    let invoice = Invoice::issue(particulars(), vec![item("A", 10_000, 1)]).unwrap();

    assert_eq!(invoice.totals.discount, Money::inr(0));
    assert!(!Paper::of(&invoice).text().contains("Discount"));
}

#[test]
fn the_code_repeats_the_facts_for_a_scanner() {
    assert_eq!(
        Paper::of(&invoice()).scanned(),
        "GSTIN 29AABCU9603R1ZJ\nNumber A1B2/2627/000001\nDate 2026-11-22\nTotal INR 1051.22"
    );
}

#[test]
fn the_file_tells_what_it_is_and_when_it_was_issued() {
    let paper = Paper::of(&invoice());

    assert_eq!(paper.property("Title"), "Tax Invoice A1B2/2627/000001");
    assert_eq!(paper.property("Author"), "Kaveri Handlooms Private Limited");
    assert_eq!(paper.property("Creator"), "Mall");
    assert_eq!(paper.property("CreationDate"), "2026-11-22T17:03:00+05:30");
    assert_eq!(paper.property("Tagged"), "yes");
}

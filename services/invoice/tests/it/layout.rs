//! How the paper holds together: pages, columns, fonts and size.

use invoice::domain::invoice::Invoice;
use kernel::Money;

use crate::{
    fixtures::{forty_items, invoice, item, particulars, to_mumbai},
    paper::Paper,
};

/// The margins of the template, in points from the left edge of an A4 page.
const LEFT: f64 = 39.0;
const RIGHT: f64 = 556.0;

fn assert_within_margins(paper: &Paper) {
    for (word, left, right) in paper.words() {
        assert!(left >= LEFT && right <= RIGHT, "{word:?} reaches from {left} to {right}");
    }
}

#[test]
fn a_short_invoice_is_one_small_page() {
    let paper = Paper::of(&invoice());

    assert_eq!(paper.property("Pages"), "1");
    assert_eq!(paper.property("Page size"), "595.276 x 841.89 pts (A4)");
    assert!(paper.bytes.len() < 80_000, "{} bytes", paper.bytes.len());
    assert!(paper.text().contains("Page 1 of 1"));
    assert_within_margins(&paper);
}

#[test]
fn forty_lines_fill_two_pages_that_each_explain_themselves() {
    let paper = Paper::of(&Invoice::issue(to_mumbai(), forty_items()).unwrap());

    let pages = paper.pages();
    assert_eq!(pages.len(), 2);
    for (page, n) in pages.iter().zip(1..) {
        assert!(page.contains("HSN/SAC") && page.contains("Taxable value"));
        assert!(page.contains("A1B2/2627/000001"));
        assert!(page.contains(&format!("Page {n} of 2")));
    }
    for n in 1..=40 {
        let sku = format!("SKU-{n:03}");
        assert_eq!(pages.iter().filter(|page| page.contains(&sku)).count(), 1, "{sku}");
    }
    assert!(!pages[0].contains("AMOUNT IN WORDS") && pages[1].contains("AMOUNT IN WORDS"));
    assert_within_margins(&paper);
}

#[test]
fn nothing_leaves_the_page_however_long_it_is() {
    let mut particulars = particulars();
    let unbroken = "W".repeat(200);
    particulars.supplier.legal_name = unbroken.clone();
    particulars.bill_to.name = "Venkatanarasimharajuvaripeta ".repeat(8);
    particulars.ship_to.address.lines = vec![unbroken.clone(), "ए".repeat(150)];
    particulars.order_number = unbroken.clone();
    let mut dear = item(&"S".repeat(64), 99_999_999_999, 999);
    dear.description = unbroken;
    dear.discount = Money::inr(1);

    assert_within_margins(&Paper::of(&Invoice::issue(particulars, vec![dear]).unwrap()));
}

#[test]
fn every_font_travels_with_the_file() {
    let fonts = Paper::of(&invoice()).fonts();

    assert_eq!(fonts.len(), 3);
    for (font, name) in fonts.iter().zip(["Inter-SemiBold", "Inter-Regular", "NotoSansDevanagari"])
    {
        assert!(fonts.iter().any(|font| font.contains(name)), "{name} is missing");
        assert!(font.contains("yes yes yes"), "not embedded, cut down and readable: {font}");
    }
}

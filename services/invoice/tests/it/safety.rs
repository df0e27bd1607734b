//! Words that look like instructions are printed as words.

use invoice::domain::{
    invoice::{Invoice, Purpose},
    party::Registration,
};

use crate::{
    fixtures::{invoice, items, particulars, unregistered},
    paper::Paper,
};

const TRICKS: [&str; 12] = [
    "#set page(fill: red)",
    "*bold*",
    "_slanted_",
    "<script>alert(1)</script>",
    "$x^2$",
    "#read(\"/etc/passwd\")",
    "#import \"@preview/a:1.0.0\"",
    "`raw`",
    "https://evil.example/?a=1",
    "@reference",
    "\\u{41} // gone /* gone */",
    "\"}], \"total\": \"0\", [{\"",
];

#[test]
fn markup_in_any_text_prints_literally() {
    for trick in TRICKS {
        let mut particulars = particulars();
        particulars.supplier.legal_name = trick.to_owned();
        particulars.supplier.address.city = trick.to_owned();
        particulars.bill_to.name = trick.to_owned();
        particulars.ship_to.address.lines = vec![trick.to_owned()];
        particulars.order_number = trick.to_owned();
        let mut sold = items();
        sold[0].description = trick.to_owned();

        let paper = Paper::of(&Invoice::issue(particulars, sold).unwrap());

        let text = paper.text();
        assert!(text.matches(trick).count() >= 6, "{trick} is missing in: {text}");
        assert!(text.contains("₹1,051.22") && text.contains("Page 1 of 1"));
        assert!(!contains(&paper.bytes, b"/URI"), "{trick} became a link");
        assert!(!contains(&paper.bytes, b"/JavaScript"));
    }
}

#[test]
fn markup_in_the_lesser_texts_prints_literally() {
    for trick in TRICKS {
        let mut particulars = unregistered();
        particulars.supplier.registration =
            Registration::Unregistered { enrolment: Some(trick.to_owned()) };
        particulars.purpose = Purpose::Credit {
            against: particulars.number.clone(),
            against_issued_at: particulars.issued_at,
            reason: trick.to_owned(),
            commercial: false,
        };

        let text = Paper::of(&Invoice::issue(particulars, items()).unwrap()).text();

        assert!(text.matches(trick).count() >= 2, "{trick} is missing in: {text}");
    }
}

#[test]
fn invisible_characters_cannot_turn_an_amount_round() {
    let mut particulars = particulars();
    particulars.bill_to.name = "Anita\u{202e}\u{0} Rao\n".to_owned();

    let text = Paper::of(&Invoice::issue(particulars, items()).unwrap()).text();

    assert!(text.contains("Anita Rao"), "{text}");
}

#[test]
fn an_empty_text_is_no_reason_to_fail() {
    let mut invoice = invoice();
    invoice.particulars.supplier.legal_name.clear();
    invoice.particulars.bill_to.address.lines.clear();
    invoice.lines[0].item.description.clear();

    assert!(Paper::of(&invoice).text().contains("₹1,051.22"));
}

#[test]
fn a_character_that_no_font_has_is_no_reason_to_fail() {
    let mut particulars = particulars();
    particulars.bill_to.name = "ᚠᚢᚦ 😀 \u{e000}".to_owned();

    assert!(Paper::of(&Invoice::issue(particulars, items()).unwrap()).text().contains("₹1,051.22"));
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

//! The shared vectors of UPI.

use kernel::{Money, UpiTxnId, Vpa, upi};
use serde_json::Value;

use crate::cases::{Case, each};

#[test]
fn links() {
    each("upi_uri", |case| match case.input.as_str() {
        Some(link) => {
            let parsed = upi::parse(link).unwrap();
            assert_eq!(parsed.payee.as_str(), case.expected["pa"], "{}", case.id);
            assert_eq!(parsed.get("am"), case.expected["am"].as_str(), "{}", case.id);
            let paise = parsed.amount.map(Money::minor);
            assert_eq!(paise, case.expected["amount_paise"].as_i64(), "{}", case.id);
        }
        None => assert_eq!(build(case).to_string(), case.expected, "{}", case.id),
    });
}

/// Builds the link that a case asks for.
fn build(case: &Case) -> upi::Link {
    let text = |key: &str| case.input.get(key).and_then(Value::as_str);
    let payee = Vpa::parse(text("pa").unwrap()).unwrap();
    let reference = UpiTxnId::parse(text("tr").unwrap()).unwrap();
    let amount = Money::inr(case.number("amount_paise"));
    let mut link = upi::Link::new(payee, text("pn").unwrap(), reference, amount).unwrap();
    if let Some(code) = text("mc") {
        link = link.merchant_code(code).unwrap();
    }
    if let Some(note) = text("tn") {
        link = link.note(note);
    }
    if let Some(url) = text("url") {
        link = link.url(url).unwrap();
    }
    link
}

#[test]
fn amounts() {
    each("upi_amount", |case| {
        let paise = upi::parse_amount(case.text()).ok().map(Money::minor);
        assert_eq!(paise, case.expected["paise"].as_i64(), "{}", case.id);
        assert_eq!(paise.is_some(), case.is_valid(), "{}", case.id);
    });
}

#[test]
fn addresses() {
    each("vpa", |case| {
        assert_eq!(Vpa::parse(case.text()).is_ok(), case.is_valid(), "{}", case.id);
    });
}

#[test]
fn transaction_ids() {
    each("upi_txn_id", |case| {
        assert_eq!(UpiTxnId::parse(case.text()).is_ok(), case.is_valid(), "{}", case.id);
    });
}

#[test]
fn a_link_that_we_make_is_read_back() {
    let payee = Vpa::parse("shop@okaxis").unwrap();
    let reference = UpiTxnId::parse("CHK0001").unwrap();
    let name = "Tea & Coffee, 50% = चाय";
    let link = upi::Link::new(payee.clone(), name, reference, Money::inr(149_900)).unwrap();
    let read = upi::parse(&link.to_string()).unwrap();
    assert_eq!(read.payee, payee);
    assert_eq!(read.amount, Some(Money::inr(149_900)));
    assert_eq!(read.get("pn"), Some(name));
    assert_eq!(read.get("tr"), Some("CHK0001"));
}

#[test]
fn broken_links_are_refused() {
    for link in [
        "",
        "upi://pay?",
        "https://pay?pa=a1@upi",
        "upi://pay?pn=Acme",
        "upi://pay?pa=a1@upi&pa=b2@upi",
        "upi://pay?pa=a1@upi&am=-1",
        "upi://pay?pa=a1@upi&cu=USD",
        "upi://pay?pa=a1@upi&pn=%zz",
        "upi://pay?pa=a1@upi&pn=%ff",
        "upi://pay?pa=a1@upi&pn=%e",
        "upi://pay?pa=a1@upi&pn",
    ] {
        assert!(upi::parse(link).is_err(), "{link}");
    }
}

#[test]
fn a_link_is_made_only_for_rupees_above_nothing() {
    let link = |name: &str, amount: Money| {
        let payee = Vpa::parse("shop@okaxis").unwrap();
        upi::Link::new(payee, name, UpiTxnId::parse("C1").unwrap(), amount)
    };
    assert!(link("Acme", Money::inr(1)).is_ok());
    assert!(link("Acme", Money::inr(0)).is_err());
    assert!(link("Acme", Money::inr(-1)).is_err());
    assert!(link(" ", Money::inr(1)).is_err());
    assert!(link("\u{3164}\u{200b}", Money::inr(1)).is_err());
    assert!(link("Acme", Money::new(1, kernel::Currency::Hkd)).is_err());
    assert!(link("Acme", Money::inr(1)).unwrap().merchant_code("54x1").is_err());
    assert!(link("Acme", Money::inr(1)).unwrap().url("javascript:alert(1)").is_err());
}

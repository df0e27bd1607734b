//! Texts at the door: what is let in, in which form, and what a log gets to see.

use kernel::{
    CategorySlug, Ean13, EmailAddress, Pan, Phone, Pincode, Quantity, Sku, Stars, StateCode, Vpa,
    text::{Text, TextKind},
};
use proptest::prelude::*;

#[test]
fn an_email_address_is_trimmed_and_small() {
    let email = EmailAddress::parse("  Bob.Smith+Mall@X.io ").unwrap();
    assert_eq!(email.as_str(), "bob.smith+mall@x.io");
    assert_eq!(email.account_key(), "bob.smith@x.io");
    assert_eq!(email.domain(), "x.io");
    assert_eq!(email.masked(), "b***@x.io");
    assert_eq!(EmailAddress::parse("+tag@x.io").unwrap().account_key(), "+tag@x.io");
}

#[test]
fn a_bad_email_address_is_refused() {
    let long = format!("{}@x.io", "a".repeat(65));
    let longer = format!("a@{}.io", vec!["b".repeat(60); 5].join("."));
    for text in [
        "",
        "a",
        "@x.io",
        "a@",
        "a@b",
        "a@b@c.io",
        "a b@x.io",
        "a@x.io\r\nBcc: b@y.io",
        "a@x.io\n",
        "\ta@x.io",
        "a\0@x.io",
        ".a@x.io",
        "a.@x.io",
        "a..b@x.io",
        "a@-x.io",
        "a@x-.io",
        "a@x..io",
        "a@.io",
        "a@x.1",
        "a@x.i",
        "a@127.0.0.1",
        "ä@x.io",
        "a@ä.io",
        "\"a\"@x.io",
        "a@[::1]",
        "a,b@x.io",
        "<a@x.io>",
        &long,
        &longer,
    ] {
        assert!(EmailAddress::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_phone_number_is_brought_into_its_international_form() {
    for text in ["9876543210", "+919876543210", "+91 98765-43210", "09876543210", "(98765) 43210"] {
        assert_eq!(Phone::parse(text).unwrap().as_str(), "+919876543210", "{text}");
    }
    assert_eq!(Phone::parse("+852 2345 6789").unwrap().as_str(), "+85223456789");
    for text in [
        "",
        "+",
        "12345",
        "1234567890",
        "+0123456789",
        "+91987654321",
        "+910812345678",
        "+9198765432101",
        "++91",
        "+1234567890123456",
        "98765432١0",
        "9876543210x",
    ] {
        assert!(Phone::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_log_never_shows_personal_data() {
    let email = EmailAddress::parse("bob@x.io").unwrap();
    let phone = Phone::parse("9876543210").unwrap();
    let pan = Pan::parse("AAPPV8261K").unwrap();
    let vpa = Vpa::parse("bob.smith@okaxis").unwrap();
    assert_eq!(format!("{email:?}"), "EmailAddress(b***@x.io)");
    assert_eq!(format!("{phone:?}"), "Phone(+***3210)");
    assert_eq!(format!("{pan:?}"), "Pan(AAPPVXXXXK)");
    assert_eq!(format!("{vpa:?}"), "Vpa(b***@okaxis)");
}

#[test]
fn a_refusal_says_what_and_why() {
    let refused = Sku::parse("").unwrap_err();
    assert_eq!(refused.to_string(), "sku: must not be empty");
    let refused = serde_json::from_str::<Sku>("\"a b\"").unwrap_err();
    assert!(refused.to_string().starts_with("sku: only letters, digits"), "{refused}");
}

#[test]
fn names_of_the_catalogue_keep_to_their_alphabet() {
    assert!(Sku::parse("Tea_500g.v-2").is_ok());
    assert!(Sku::parse(&"a".repeat(64)).is_ok());
    assert!(CategorySlug::parse("home-kitchen-2").is_ok());
    for text in ["", "a b", "a/b", "é", "a\n", &"a".repeat(65)] {
        assert!(Sku::parse(text).is_err(), "{text:?}");
        assert!(CategorySlug::parse(text).is_err(), "{text:?}");
    }
    assert!(CategorySlug::parse("Home").is_err());
    assert!(Ean13::parse("4006381333931").is_ok());
    assert!(Ean13::parse("4006381333932").is_err());
    assert!(Ean13::parse("400638133393").is_err());
}

#[test]
fn a_pincode_tells_its_states() {
    let codes = |pin: &str| -> Vec<&str> {
        Pincode::parse(pin).unwrap().states().into_iter().map(StateCode::as_str).collect()
    };
    assert_eq!(codes("110001"), ["07"]);
    assert_eq!(codes("533464"), ["34", "37"]);
    assert_eq!(codes("607402"), ["34", "33"]);
    assert_eq!(codes("194101"), ["38"]);
    assert_eq!(codes("403001"), ["30"]);
    assert_eq!(codes("744101"), ["35"]);
    assert_eq!(codes("737101"), ["11"]);
    assert_eq!(codes("673310"), ["34"]);
    assert_eq!(codes("396220"), ["26"]);
    assert_eq!(codes("900001"), [""; 0]);
    assert_eq!(codes("199999"), [""; 0]);
    assert_eq!(Pincode::parse("400001").unwrap().state().unwrap().name(), "Maharashtra");
    assert_eq!(Pincode::parse("533464").unwrap().state(), None);
}

#[test]
fn numbers_with_bounds_keep_them() {
    for (count, fits) in [(0, false), (1, true), (999, true), (1_000, false)] {
        assert_eq!(Quantity::new(count).is_ok(), fits, "{count}");
        let read = serde_json::from_str::<Quantity>(&count.to_string());
        assert_eq!(read.is_ok(), fits, "{count}");
    }
    for (count, fits) in [(0, false), (1, true), (5, true), (6, false)] {
        assert_eq!(Stars::new(count).is_ok(), fits, "{count}");
        assert_eq!(serde_json::from_str::<Stars>(&count.to_string()).is_ok(), fits, "{count}");
    }
}

/// What is let in stays what it is when it is read again, from text and from JSON.
fn settles<K: TextKind>(raw: &str) {
    if let Ok(text) = Text::<K>::parse(raw) {
        assert!(Text::parse(text.as_str()).as_ref() == Ok(&text), "{raw:?}");
        let json = serde_json::to_string(&text).unwrap();
        assert!(serde_json::from_str::<Text<K>>(&json).unwrap() == text, "{raw:?}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange(raw in any::<String>()) {
        every_kind(&raw);
    }

    #[test]
    fn likely_texts_settle(raw in "[ +]?[a-zA-Z0-9@./ _-]{0,18}") {
        every_kind(&raw);
    }

    #[test]
    fn good_addresses_are_let_in(raw in "[a-z0-9]{1,20}(\\+[a-z]{1,5})?@[a-z]{1,9}\\.[a-z]{2,6}") {
        let email = EmailAddress::parse(&raw).unwrap();
        prop_assert_eq!(email.as_str(), &raw);
        every_kind(&raw);
    }

    #[test]
    fn every_pincode_has_an_answer(number in 100_000_u32..=999_999) {
        let states = Pincode::parse(&number.to_string()).unwrap().states();
        prop_assert!(states.len() <= 2);
    }
}

fn every_kind(raw: &str) {
    fn of<K: TextKind>(_: fn(&str) -> Result<Text<K>, kernel::Invalid>, raw: &str) {
        settles::<K>(raw);
    }
    of(EmailAddress::parse, raw);
    of(Phone::parse, raw);
    of(Pincode::parse, raw);
    of(Sku::parse, raw);
    of(CategorySlug::parse, raw);
    of(Ean13::parse, raw);
    of(Pan::parse, raw);
    of(kernel::Gstin::parse, raw);
    of(kernel::HkBrn::parse, raw);
    of(kernel::Ifsc::parse, raw);
    of(Vpa::parse, raw);
    of(kernel::UpiTxnId::parse, raw);
    of(kernel::InvoiceNumber::parse, raw);
}

//! Sign-in codes, and the only form in which they are kept.

use super::{Code, Pepper, SIGN_IN};

#[test]
fn only_six_ascii_digits_are_a_code() {
    assert_eq!(Code::parse("000042").unwrap().as_str(), "000042");
    for raw in
        ["", "12345", "1234567", "123456 ", " 123456", "12345a", "١٢٣٤٥٦", "１２３", "+12345"]
    {
        assert!(Code::parse(raw).is_err(), "{raw:?}");
    }
}

#[test]
fn minted_codes_are_codes_and_differ() {
    let codes: Vec<_> = (0..50).map(|_| Code::mint(&mut rand::rng())).collect();
    assert!(codes.iter().all(|code| Code::parse(code.as_str()).is_ok()));
    assert!(codes.iter().any(|code| code != &codes[0]));
}

#[test]
fn a_mark_is_bound_to_challenge_account_purpose_code_and_pepper() {
    let pepper = |secret: &str| Pepper::new(secret.to_owned().into());
    let (one, code) = (pepper("one"), Code::parse("123456").unwrap());
    let mark = one.mark("c1", "a@x.io", SIGN_IN, &code);

    assert_eq!(mark, one.mark("c1", "a@x.io", SIGN_IN, &code));
    assert_ne!(mark, one.mark("c2", "a@x.io", SIGN_IN, &code));
    assert_ne!(mark, one.mark("c1", "b@x.io", SIGN_IN, &code));
    assert_ne!(mark, one.mark("c1", "a@x.io", "change-email", &code));
    assert_ne!(mark, one.mark("c1", "a@x.io", SIGN_IN, &Code::parse("123457").unwrap()));
    assert_ne!(mark, pepper("two").mark("c1", "a@x.io", SIGN_IN, &code));
}

#[test]
fn a_code_does_not_show_in_logs() {
    let code = Code::parse("123456").unwrap();
    assert!(!format!("{code:?}").contains("123456"));
}

//! Tells a webhook of the provider from anybody else's: by an HMAC-SHA256, compared in constant time.

use super::*;

const BODY: &[u8] = br#"{"a":1,"b":2,"c":{"d":3}}"#;
const SIGNATURE: &str = "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc";

fn secrets(current: &str, previous: Option<&str>) -> Secrets {
    let previous = previous.map(SecretString::from);
    Secrets::try_new(&current.into(), previous.as_ref()).unwrap()
}

fn signed(secrets: &Secrets, body: &[u8], signature: &str) -> bool {
    hex::decode(signature).is_ok_and(|signature| secrets.signed(&[body], &signature))
}

#[test]
fn the_published_examples_hold() {
    assert!(signed(&secrets("123456", None), BODY, SIGNATURE));
    assert!(!signed(&secrets("1234567", None), BODY, SIGNATURE));
    let spaced = br#"{"a": 1, "b": 2, "c": {"d": 3}}"#;
    assert!(!signed(&secrets("123456", None), spaced, SIGNATURE));
    let utf8 = "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"pay_T2\",\
                    \"amount\":100,\"description\":\"茶葉 ☕ चाय\"}}}}";
    let signature = "be66ebe0eff1478db364cd3227e0dab0388678de2f5c2203dcf0ea09014326a2";
    assert!(signed(&secrets("whsec_test_0001", None), utf8.as_bytes(), signature));
}

#[test]
fn the_previous_secret_counts_while_it_is_named() {
    assert!(signed(&secrets("new", Some("123456")), BODY, SIGNATURE));
    assert!(!signed(&secrets("new", None), BODY, SIGNATURE));
}

#[test]
fn part_of_a_signature_is_none() {
    for part in ["", "2f", &SIGNATURE[..62], "zz", "2fe04e2", &format!("{SIGNATURE}00")] {
        assert!(!signed(&secrets("123456", None), BODY, part), "{part}");
    }
    let bom = [b"\xef\xbb\xbf", BODY].concat();
    assert!(!signed(&secrets("123456", None), &bom, SIGNATURE));
}

#[test]
fn an_empty_secret_is_refused() {
    assert!(Secrets::try_new(&"".into(), None).is_err());
    assert!(Secrets::try_new(&"x".into(), Some(&"".into())).is_err());
}

//! The published signatures, and the ones that must not match.

use psp_sandbox::Signer;
use serde_json::Value;

const VECTORS: &str = include_str!("vectors.json");

fn area(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let cases: Vec<Value> = all["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["area"] == name)
        .cloned()
        .collect();
    assert!(!cases.is_empty(), "{name} has no cases");
    cases
}

fn field<'a>(case: &'a Value, part: &str, name: &str) -> Option<&'a str> {
    case[part][name].as_str()
}

#[test]
fn webhook_signatures_are_the_published_ones() {
    for case in area("razorpay_webhook_sig") {
        let secret = Signer::try_new(field(&case, "input", "secret").unwrap()).unwrap();
        let signature = secret.sign(field(&case, "input", "raw_body").unwrap().as_bytes());
        let expected = field(&case, "expected", "x_razorpay_signature").or(field(
            &case,
            "expected",
            "correct_signature_of_this_body",
        ));
        if let Some(expected) = expected {
            assert_eq!(signature, expected, "{}", case["id"]);
        }
        if case["expected"]["valid"] == false {
            let wrong = field(&case, "input", "x_razorpay_signature").unwrap();
            assert_ne!(signature, wrong, "{}", case["id"]);
        }
    }
}

#[test]
fn checkout_signatures_are_the_published_ones() {
    for case in area("razorpay_payment_sig") {
        let secret = Signer::try_new(field(&case, "input", "key_secret").unwrap()).unwrap();
        let signature = match field(&case, "input", "message") {
            Some(message) => secret.sign(message.as_bytes()),
            None => secret.checkout(
                field(&case, "input", "order_id").unwrap(),
                field(&case, "input", "payment_id").unwrap(),
            ),
        };
        if let Some(expected) = field(&case, "expected", "razorpay_signature") {
            assert_eq!(signature, expected, "{}", case["id"]);
        } else {
            let wrong = field(&case, "input", "razorpay_signature").unwrap();
            assert_ne!(signature, wrong, "{}", case["id"]);
        }
    }
}

//! The shared vectors of identifiers, money, ratings and codes.

use std::num::NonZeroU64;

use kernel::{
    Currency, Gstin, HkBrn, Ifsc, Money, Pan, Pincode, Rating, ean13, partial_refund, rounding,
};

use crate::cases::each;

#[test]
fn gstin() {
    each("gstin", |case| {
        let parsed = Gstin::parse(case.text());
        assert_eq!(parsed.is_ok(), case.is_valid(), "{}", case.id);
        match parsed {
            Ok(gstin) => {
                if let Some(code) = case.expected["state_code"].as_str() {
                    assert_eq!(gstin.state().as_str(), code, "{}", case.id);
                    assert_eq!(gstin.state().name(), case.expected["state"], "{}", case.id);
                    assert_eq!(gstin.pan().as_str(), case.expected["pan"], "{}", case.id);
                }
                if let Some(normalised) = case.expected["normalised"].as_str() {
                    assert_eq!(gstin.as_str(), normalised, "{}", case.id);
                }
            }
            Err(refused) => {
                let reason = match refused.why {
                    "wrong check digit" => "checksum",
                    "does not contain a valid pan" => "pan",
                    "does not begin with a state code" => "state",
                    _ => "format",
                };
                assert_eq!(reason, case.expected["reason"], "{}", case.id);
            }
        }
    });
}

#[test]
fn pan() {
    each("pan", |case| {
        let parsed = Pan::parse(case.text());
        assert_eq!(parsed.is_ok(), case.is_valid(), "{}", case.id);
        match parsed {
            Ok(pan) => {
                if let Some(masked) = case.expected["masked"].as_str() {
                    assert_eq!(pan.masked(), masked, "{}", case.id);
                }
                if let Some(holder) = case.expected["holder_type_char"].as_str() {
                    assert_eq!(pan.holder().to_string(), holder, "{}", case.id);
                }
            }
            Err(refused) => {
                let reason = match refused.why {
                    "must have 10 characters" => "length",
                    "must begin with five letters" => "first char must be a letter",
                    "the fourth letter names no kind of holder" => "4th char X is no holder type",
                    "serial 0000 is not given out" => "serial 0000",
                    "must end with a letter" => "last char must be a letter",
                    other => other,
                };
                assert_eq!(reason, case.expected["reason"], "{}", case.id);
            }
        }
    });
}

#[test]
fn ifsc() {
    each("ifsc", |case| {
        let parsed = Ifsc::parse(case.text());
        assert_eq!(parsed.is_ok(), case.is_valid(), "{}", case.id);
        if let Some(bank) = case.expected["bank_code"].as_str() {
            assert_eq!(parsed.unwrap().bank(), bank, "{}", case.id);
        }
    });
}

#[test]
fn pincode() {
    each("pincode", |case| {
        let parsed = Pincode::parse(case.text());
        match case.expected["gst_state_code"].as_str() {
            Some(code) => {
                let states = parsed.unwrap().states();
                assert!(states.iter().any(|s| s.as_str() == code), "{}: {states:?}", case.id);
                let name = case.expected["state"].as_str().unwrap();
                assert!(states.iter().any(|s| s.name().to_uppercase() == name), "{}", case.id);
            }
            None => assert_eq!(parsed.is_ok(), case.is_valid(), "{}", case.id),
        }
    });
}

#[test]
fn allocation() {
    each("allocation", |case| {
        let weights: Vec<u64> = serde_json::from_value(case.input["weights"].clone()).unwrap();
        let expected: Vec<i64> = serde_json::from_value(case.expected.clone()).unwrap();
        let parts = Money::inr(case.number("total")).split(&weights).unwrap();
        let parts: Vec<i64> = parts.into_iter().map(Money::minor).collect();
        assert_eq!(parts, expected, "{}", case.id);
    });
}

#[test]
fn partial_refunds() {
    each("partial_refund", |case| {
        let net = Money::inr(case.number("line_net"));
        let quantity = u32::try_from(case.number("qty")).unwrap();
        let steps: Vec<u32> =
            serde_json::from_value(case.input["refund_qty_steps"].clone()).unwrap();
        let expected: Vec<i64> = serde_json::from_value(case.expected.clone()).unwrap();
        let mut before = 0;
        let mut refunds = Vec::new();
        for step in steps {
            refunds.push(partial_refund(net, quantity, before, step).unwrap().minor());
            before += step;
        }
        assert_eq!(refunds, expected, "{}", case.id);
    });
}

#[test]
fn rounding_half_up() {
    each("rounding", |case| {
        let text = case.input.as_str().or(case.input["rupees"].as_str()).unwrap();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let numerator: i128 = format!("{whole}{fraction}").parse().unwrap();
        let decimals = u32::try_from(fraction.len()).unwrap();
        let denominator = NonZeroU64::new(10_u64.pow(decimals)).unwrap();
        let rounded = rounding::half_up(numerator, denominator);
        assert_eq!(rounded, i128::from(case.expected.as_i64().unwrap()), "{}", case.id);
    });
}

#[test]
fn amounts_in_words() {
    each("amount_in_words", |case| {
        assert_eq!(Money::inr(case.number("paise")).in_words(), case.expected, "{}", case.id);
    });
}

#[test]
fn indian_digit_groups() {
    each("inr_format", |case| {
        let text = Money::inr(case.number("paise")).to_string();
        assert_eq!(text, case.expected, "{}", case.id);
    });
}

#[test]
fn minor_units() {
    each("minor_units", |case| {
        if let Some(code) = case.input.as_str() {
            let exponent = Currency::parse(code).unwrap().exponent();
            assert_eq!(exponent, case.expected, "{}", case.id);
        } else {
            let currency = Currency::parse(case.input["currency"].as_str().unwrap()).unwrap();
            let text = Money::new(case.number("minor"), currency).decimal();
            assert_eq!(text, case.expected, "{}", case.id);
        }
    });
}

#[test]
fn hk_brn() {
    each("hk_brn", |case| {
        let parsed = HkBrn::parse(case.text()).ok();
        let brn = parsed.as_ref().map(HkBrn::as_str);
        assert_eq!(brn, case.expected["brn"].as_str(), "{}", case.id);
        assert_eq!(brn.is_some(), case.is_valid(), "{}", case.id);
    });
}

#[test]
fn ean13_check_digits() {
    each("ean13", |case| {
        let code = ean13::complete(case.input["first12"].as_str().unwrap()).unwrap();
        assert_eq!(code.as_str(), case.expected["ean13"], "{}", case.id);
    });
}

#[test]
fn rating() {
    each("rating", |case| {
        let counts: [u64; 5] = serde_json::from_value(case.input["counts_1_to_5"].clone()).unwrap();
        let rating = Rating::of_counts(counts);
        assert_eq!(rating.sum, case.expected["sum"], "{}", case.id);
        assert_eq!(rating.count, case.expected["count"], "{}", case.id);
        if let Some(average) = case.expected["avg_1dp"].as_str() {
            assert_eq!(rating.average_1dp(), average, "{}", case.id);
        }
    });
}

//! An app's codes: the ones of RFC 6238, each once, and ever longer waits for who guesses.

use jiff::{SignedDuration, Timestamp};

use super::{Authenticator, Secret, is_fresh};
use crate::domain::Code;

/// The secret of RFC 6238, appendix B. Its codes have eight digits there, of which apps show the last six.
fn app() -> Authenticator {
    let secret = Secret::opened(b"12345678901234567890".to_vec());
    Authenticator { secret, confirmed_at: None, last_step: None, failures: 0, locked_until: None }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

#[test]
fn the_codes_are_those_of_the_rfc() {
    let vectors = [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")];
    for (second, shown) in vectors.into_iter().chain([(20_000_000_000, "353130")]) {
        assert!(app().take(&code(shown), at(second)).unwrap(), "{shown} at {second}");
    }
}

#[test]
fn a_code_is_good_for_its_half_minute_and_the_next_and_once() {
    let mut mine = app();
    assert!(!mine.take(&code("287082"), at(29)).unwrap(), "not before its time");
    assert!(!mine.take(&code("287082"), at(90)).unwrap(), "not two steps later");
    assert!(mine.take(&code("287082"), at(89)).unwrap(), "one step late");
    assert!(!mine.take(&code("287082"), at(89)).unwrap(), "a second time");
}

#[test]
fn an_older_code_is_not_taken_after_a_newer_one() {
    let mut mine = app();
    let older = mine.secret.step_of(&code("287082"), at(59)).unwrap();
    mine.last_step = older.map(|step| step + 1);
    assert!(!mine.take(&code("287082"), at(61)).unwrap());
}

#[test]
fn who_guesses_waits_longer_and_longer_and_a_right_code_ends_it() {
    let mut mine = app();
    let waits: Vec<_> = (0..20)
        .map(|_| {
            mine.count(false, at(0));
            mine.locked_for_s(at(0))
        })
        .collect();
    assert_eq!(waits[..9], [None; 9]);
    assert_eq!(waits[9..13], [Some(30), Some(60), Some(120), Some(240)]);
    assert_eq!(waits[19], Some(3600));
    assert_eq!(mine.locked_for_s(at(3600)), None);
    mine.count(true, at(3600));
    assert_eq!((mine.failures, mine.locked_until), (0, None));
}

#[test]
fn a_second_factor_is_fresh_for_five_minutes() {
    let shown = at(1000);
    assert!(is_fresh(Some(shown), shown + SignedDuration::from_secs(299)));
    assert!(!is_fresh(Some(shown), shown + SignedDuration::from_secs(300)));
    assert!(!is_fresh(None, shown));
}

#[test]
fn a_secret_is_shown_as_base32_and_as_a_url_and_never_in_logs() {
    let secret = Secret::mint(&mut rand::rng());
    let (text, url) = secret.shown_to(&"asha+1@example.in".parse().unwrap()).unwrap();
    assert_eq!(text.len(), 32);
    assert!(url.starts_with("otpauth://totp/Mall:asha"), "{url}");
    assert!(url.contains(&format!("secret={text}")) && url.ends_with("issuer=Mall"), "{url}");
    assert_eq!(format!("{secret:?}"), "Secret(..)");
}

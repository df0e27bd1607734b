//! What settings say, and what is refused.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::read;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Demo {
    window_min: u32,
    pepper: SecretString,
    note: Option<String>,
}

fn vars(pairs: &[(&str, &str)]) -> std::vec::IntoIter<(String, String)> {
    let vars: Vec<_> = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    vars.into_iter()
}

#[test]
fn numbers_are_numbers_and_digits_in_secrets_stay_text() {
    let demo: Demo =
        read("demo", vars(&[("DEMO__WINDOW_MIN", "15"), ("DEMO__PEPPER", "007"), ("OTHER", "x")]))
            .unwrap();
    assert_eq!((demo.window_min, demo.pepper.expose_secret()), (15, "007"));
    assert_eq!(demo.note, None);
}

#[test]
fn an_unknown_key_a_missing_key_and_a_wrong_value_are_errors_that_name_it() {
    let wrong = |pairs: &[(&str, &str)]| read::<Demo>("demo", vars(pairs)).unwrap_err().to_string();
    assert!(
        wrong(&[("DEMO__WINDOW_MIN", "15"), ("DEMO__PEPPER", "x"), ("DEMO__PEPER", "y")])
            .contains("peper")
    );
    assert!(wrong(&[("DEMO__WINDOW_MIN", "15")]).contains("pepper"));
    assert!(wrong(&[("DEMO__WINDOW_MIN", "soon"), ("DEMO__PEPPER", "x")]).contains("DEMO"));
}

#[test]
fn a_secret_may_come_from_a_file_and_a_missing_file_is_named() {
    let path = std::env::temp_dir().join(format!("chassis-config-{}", std::process::id()));
    std::fs::write(&path, "s3cret\n").unwrap();
    let demo: Demo = read(
        "demo",
        vars(&[("DEMO__WINDOW_MIN", "1"), ("DEMO__PEPPER_FILE", path.to_str().unwrap())]),
    )
    .unwrap();
    assert_eq!(demo.pepper.expose_secret(), "s3cret");
    let both = [("DEMO__PEPPER", "x"), ("DEMO__PEPPER_FILE", path.to_str().unwrap())];
    let error = read::<Demo>("demo", vars(&both)).unwrap_err();
    assert!(error.to_string().contains("DEMO__PEPPER_FILE"), "{error}");
    std::fs::remove_file(&path).unwrap();
    let error =
        read::<Demo>("demo", vars(&[("DEMO__PEPPER_FILE", "/nowhere/pepper")])).unwrap_err();
    assert!(error.to_string().contains("/nowhere/pepper"), "{error}");
}

//! What is kept of a text, and what is refused.

use super::prose;

#[test]
fn prose_is_trimmed_and_markup_is_just_text() {
    let script = "<script>alert(1)</script>";
    assert_eq!(prose("text", &format!(" {script}\n"), 100).unwrap(), script);
    assert_eq!(prose("text", "one\ntwo \u{1f600} आशा", 100).unwrap(), "one\ntwo \u{1f600} आशा");
    assert_eq!(prose("text", &"é".repeat(100), 100).unwrap().chars().count(), 100);
    assert!(prose("text", &"é".repeat(101), 100).is_err());
}

#[test]
fn prose_of_which_nothing_can_be_seen_is_empty() {
    for nothing in ["", " \n", "\u{200b}", " \u{200c}\u{200d}\u{2060} ", "\u{3164}\u{2800}\u{fe0f}"]
    {
        assert_eq!(prose("text", nothing, 100).unwrap(), "", "{nothing:?}");
    }
    let joined = "क्\u{200d}ष";
    assert_eq!(prose("text", joined, 100).unwrap(), joined);
}

#[test]
fn what_steers_its_reader_is_not_prose() {
    for c in ['\0', '\r', '\t', '\u{7f}', '\u{85}', '\u{200f}', '\u{202e}', '\u{2028}', '\u{2066}']
    {
        assert!(prose("text", &format!("a{c}b"), 100).is_err(), "{c:?}");
    }
}

//! What is kept of a text, and what is refused.

use super::{prose, shows};

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
    for joined in ["क्\u{200d}ष", "नि\u{200c}ष", "\u{1f468}\u{200d}\u{1f469}\u{fe0f}"] {
        assert_eq!(prose("text", joined, 100).unwrap(), joined);
    }
}

#[test]
fn no_mark_without_a_shape_is_seen() {
    let usual = "\u{ad}\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}\u{200b}\u{2060}\u{2065}";
    let rare = "\u{2800}\u{3164}\u{fe0f}\u{ffa0}\u{fff0}\u{fff9}\u{13441}\u{16fe4}\u{1bca0}\u{1d159}\u{1d173}";
    let tags = "\u{e0000}\u{e0041}\u{e007f}\u{e0100}\u{e0fff}";
    let spaces = "\u{a0}\u{1680}\u{2003}\u{202f}\u{205f}\u{3000}";
    let all: Vec<char> =
        [usual, rare, tags, spaces].concat().chars().filter(|c| shows(*c)).collect();
    assert!(all.is_empty(), "{all:?}");
    assert!("aआ\u{301}電.\u{1f600}".chars().all(shows));
}

#[test]
fn what_steers_its_reader_is_not_prose() {
    for c in ['\0', '\r', '\t', '\u{7f}', '\u{85}', '\u{200f}', '\u{202e}', '\u{2028}', '\u{2066}']
    {
        assert!(prose("text", &format!("a{c}b"), 100).is_err(), "{c:?}");
    }
}

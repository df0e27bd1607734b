//! Text of one line that is printed: names, streets, titles, reasons.

use super::{Line, OptionalLine};

#[test]
fn what_nobody_filled_in_is_left_out() {
    for empty in ["null", r#""""#, r#""  ""#, "\"\u{200b}\u{a0}\""] {
        assert!(serde_json::from_str::<OptionalLine<10>>(empty).unwrap().0.is_none(), "{empty}");
    }
    let filled: OptionalLine<10> = serde_json::from_str(r#"" B 2 ""#).unwrap();
    assert_eq!(filled.0.unwrap().as_str(), "B 2");
    assert!(serde_json::from_str::<OptionalLine<10>>(r#""\n""#).is_err());
}

#[test]
fn a_line_is_trimmed_and_cannot_steer_what_prints_it() {
    assert_eq!(Line::<10>::parse("  आशा राव ").unwrap().as_str(), "आशा राव");
    assert_eq!(Line::<10>::parse("क्\u{200d}ष").unwrap().as_str(), "क्\u{200d}ष");
    for raw in [
        "",
        "   ",
        "\u{200b}",
        " \u{200d}\u{3164} ",
        "a\r\nBcc: x",
        "a\n",
        "a\0",
        "\u{202e}gpj",
        "a\u{2028}b",
        "a\u{1f600}",
        "01234567890",
    ] {
        assert!(Line::<10>::parse(raw).is_err(), "{raw:?}");
    }
}

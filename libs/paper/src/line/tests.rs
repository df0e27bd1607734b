//! Scripts, directions and widths.

use super::*;
use crate::fonts::Case;

const CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const STYLE: Style = Style { size: tenths(85), bold: false, color: [0; 3], tracking: 0 };

#[test]
fn every_letter_of_the_scripts_we_carry_has_a_glyph() {
    let case = Case::open(CJK.into()).unwrap();
    let faces = Faces::of(&case);
    for name in [
        "அருண்",
        "অরুণ",
        "അരുൺ",
        "అరుణ్",
        "ಅರುಣ್",
        "અરુણ",
        "ਅਰੁਣ",
        "ଅରୁଣ",
        "अनिता शर्मा",
        "क्\u{200d}ष",
        "陳大文 (Chan)",
        "김철수",
        "محمد علی ۱۲",
        "José Müller-Šťastný",
    ] {
        let line = line(&faces, name, STYLE);
        let glyphs = || line.runs.iter().flat_map(|run| &run.glyphs);
        assert!(glyphs().count() > 0);
        assert!(glyphs().all(|glyph| glyph.glyph_id.to_u32() != 0), "{name}: {line:?}");
    }
}

#[test]
fn right_to_left_words_are_set_from_their_end() {
    let case = Case::open(CJK.into()).unwrap();
    let line = line(&Faces::of(&case), "علی 42 Rao", STYLE);
    let texts: Vec<&str> = line.runs.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(texts.concat().trim_end().rsplit(' ').next(), Some("Rao"), "{texts:?}");
}

#[test]
fn no_line_is_wider_than_it_may_be() {
    let case = Case::open(CJK.into()).unwrap();
    let faces = Faces::of(&case);
    let long = ["W".repeat(90), "क्षि".repeat(30), "陳大文".repeat(5), "ab cd ".repeat(40)];
    for text in long {
        let lines = lines(&faces, &text, STYLE, tenths(900));
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| line.width <= tenths(900)), "{text}");
        let kept: String =
            lines.iter().flat_map(|line| &line.runs).map(|r| r.text.as_str()).collect();
        assert_eq!(kept.replace(' ', ""), text.replace(' ', ""));
    }
}

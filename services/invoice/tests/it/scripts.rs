//! Names in the scripts of India and its neighbours come out of the paper as they went in.

use invoice::domain::invoice::Invoice;
use invoice::pdf::Press;

use crate::fixtures::{items, particulars};
use crate::paper::Paper;

/// A name, and the font it is set in.
const NAMES: [(&str, &str); 12] = [
    ("அருண் குமார்", "NotoSansTamil"),
    ("অরুণ কুমার", "NotoSansBengali"),
    ("അരുൺ കുമാർ", "NotoSansMalayalam"),
    ("అరుణ్ కుమార్", "NotoSansTelugu"),
    ("ಅರುಣ್ ಕುಮಾರ್", "NotoSansKannada"),
    ("અરુણ કુમાર", "NotoSansGujarati"),
    ("ਅਰੁਣ ਕੁਮਾਰ", "NotoSansGurmukhi"),
    ("ଅରୁଣ କୁମାର", "NotoSansOriya"),
    ("अनिता शर्मा", "NotoSansDevanagari"),
    ("陳大文", "NotoSansCJK"),
    ("陈大文 김철수 たなか", "NotoSansCJK"),
    ("محمد علی", "NotoSansArabic"),
];

fn named(name: &str) -> Invoice {
    let mut particulars = particulars();
    particulars.bill_to.name = name.to_owned();
    particulars.ship_to.name = "Anita Rao".to_owned();
    let mut sold = items();
    sold.truncate(1);
    Invoice::issue(particulars, sold).unwrap()
}

#[test]
fn a_name_in_any_script_can_be_read_again() {
    for (name, font) in NAMES {
        let paper = Paper::of(&named(name));

        let text = paper.text();
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
            letters.sort_unstable();
            letters
        };
        for letter in letters(name) {
            assert!(text.contains(letter), "{letter:?} of {name} is missing in: {text}");
        }
        let fonts = paper.fonts();
        assert!(fonts.iter().any(|own| own.contains(font)), "{name} without {font}: {fonts:?}");
    }
}

#[test]
fn names_that_are_written_left_to_right_keep_their_order() {
    for (name, _) in [NAMES[0], NAMES[8], NAMES[9], NAMES[10]] {
        let text = Paper::of(&named(name)).text();
        assert!(text.contains(name), "{name} is not in {text}");
    }
}

#[test]
fn a_name_of_two_directions_keeps_both() {
    let text = Paper::of(&named("Anita محمد Rao 42")).text();
    for part in ["Anita", "Rao 42"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_latin_page_carries_the_latin_fonts_alone() {
    let fonts = Paper::of(&named("Anita Rao")).fonts();
    assert_eq!(fonts.len(), 2, "{fonts:?}");
    assert!(fonts.iter().all(|font| font.contains("Inter")), "{fonts:?}");
}

#[test]
fn a_machine_without_the_large_font_prints_all_the_same() {
    let press = Press::open(1, "/nowhere/to/be/found.ttc".into()).unwrap();
    let paper = Paper::from(press.render(&named("陳大文")).unwrap());
    assert!(paper.text().contains("Page 1 of 1"));
}

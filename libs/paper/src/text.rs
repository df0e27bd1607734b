//! Makes free text fit to print: what cannot be seen must not change what can.

/// The longest word that is left in one piece.
const LONGEST_WORD: usize = 24;
/// Where a long word may break.
pub const BREAK_HERE: char = '\u{200b}';

/// The text with control characters turned to spaces, invisible marks that reorder text removed,
/// and very long words made breakable, so that a line neither lies nor leaves its column.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut run, mut before) = (0_usize, ' ');
    for c in text.chars().filter(|c| !reorders(*c)) {
        let c = if c.is_control() { ' ' } else { c };
        run = if c.is_whitespace() { 0 } else { run + 1 };
        if run > LONGEST_WORD && !joined(before, c) {
            out.push(BREAK_HERE);
            run = 1;
        }
        out.push(c);
        before = c;
    }
    out.trim().to_owned()
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm. The joiners stay:
/// Indian scripts need them.
fn reorders(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether `c` forms one syllable with the character before it. The blocks of the Indian scripts are laid out alike.
pub fn joined(before: char, c: char) -> bool {
    let place = |c: char| ('\u{900}'..='\u{d7f}').contains(&c).then(|| u32::from(c) % 0x80);
    let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    let sign = matches!(
        place(c),
        Some(0..=3 | 0x3a..=0x3c | 0x3e..=0x4f | 0x51..=0x57 | 0x62 | 0x63 | 0x70 | 0x71)
    );
    let mark = matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}');
    place(before) == Some(0x4d) || joiner(before) || joiner(c) || sign || mark
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in
            ["Kaveri Handlooms & Sons", "क्\u{200d}ष शर्मा", "*bold* #set page() $x$ <script>"]
        {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn line_breaks_and_control_characters_become_spaces() {
        assert_eq!(printable(" a\nb\u{0}c\td "), "a b c d");
    }

    #[test]
    fn marks_that_reorder_text_are_dropped() {
        assert_eq!(printable("100\u{202e}99\u{2066}"), "10099");
    }

    #[test]
    fn a_word_wider_than_its_column_may_break() {
        let printed = printable(&"x".repeat(60));

        assert!(printed.split('\u{200b}').all(|part| part.len() <= 24));
        assert_eq!(printed.replace('\u{200b}', ""), "x".repeat(60));
    }

    #[test]
    fn a_syllable_is_never_broken() {
        let printed = printable(&"क्षि".repeat(20));

        assert!(printed.contains('\u{200b}'));
        assert!(printed.split('\u{200b}').all(|part| part.starts_with('क') && part.ends_with('ि')));
    }
}

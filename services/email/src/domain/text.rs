//! Words of others, made harmless for a line of mail.

use kernel::text::steers;

/// `text` on one line, without anything that steers its reader, of at most `longest` characters: a line break would
/// start a header of its own, or a line that looks like ours.
pub fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || steers(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line: String = words.join(" ").chars().take(longest).collect();
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::one_line;

    #[test]
    fn line_breaks_become_spaces_and_long_texts_end() {
        assert_eq!(one_line("Asha\r\nBcc: x@evil.test", 80), "Asha Bcc: x@evil.test");
        assert_eq!(one_line(" a\u{2028}b\u{85}c\u{0}d\u{202e}e ", 80), "a b c d e");
        assert_eq!(one_line("अशा राव", 3), "अशा");
        assert_eq!(one_line("\r\n", 80), "");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_second_line(text in any::<String>()) {
            let line = one_line(&text, 200);
            let breaks = line.chars().any(|c| c.is_control() || (c.is_whitespace() && c != ' '));
            prop_assert!(!breaks, "{line:?}");
            prop_assert!(line.chars().count() <= 200);
        }
    }
}

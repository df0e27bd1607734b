//! Cuts a text into what can be looked up: words of scripts that separate them, and runs of
//! characters of scripts that are searched by pairs of characters.

use super::digit;

/// Words are cut off after so many characters.
const LONGEST_WORD: usize = 64;

/// Takes its vowel from a Malayalam consonant.
const VIRAMA: char = '\u{0D4D}';

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A word in lower case.
    Word(String),
    /// Neighbouring characters of a script that is searched by pairs, such as Chinese or Hindi.
    Run(String),
}

enum Kind {
    Letter,
    Paired,
    /// Belongs to its neighbours without being searched for.
    Silent,
    Gap,
}

pub fn pieces(text: &str) -> Vec<Piece> {
    let mut cutter = Cutter { done: Vec::new(), word: String::new(), run: String::new() };
    for c in text.chars().flat_map(folded).flat_map(char::to_lowercase) {
        cutter.take(c);
    }
    cutter.end_word();
    cutter.end_run();
    cutter.done
}

struct Cutter {
    done: Vec<Piece>,
    word: String,
    run: String,
}

impl Cutter {
    fn take(&mut self, c: char) {
        match kind(c) {
            Kind::Letter => {
                self.end_run();
                // Counted in bytes first: a word of few bytes is never too long.
                if self.word.len() < LONGEST_WORD || self.word.chars().count() < LONGEST_WORD {
                    self.word.push(c);
                }
            }
            Kind::Paired => {
                self.end_word();
                // A chillu may have a virama behind it that adds nothing.
                if c != VIRAMA || !self.run.ends_with(VIRAMA) {
                    self.run.push(c);
                }
            }
            Kind::Silent => {}
            Kind::Gap => {
                self.end_word();
                self.end_run();
            }
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.done.push(Piece::Word(std::mem::take(&mut self.word)));
        }
    }

    fn end_run(&mut self) {
        if !self.run.is_empty() {
            self.done.push(Piece::Run(std::mem::take(&mut self.run)));
        }
    }
}

fn kind(c: char) -> Kind {
    match c {
        // Digits are read like those of ASCII, also in scripts that are searched by pairs.
        c if !c.is_ascii() && digit(c).is_some() => Kind::Letter,
        // Apostrophes, soft hyphen, nuktas, combining accents, joiners and the byte order mark.
        '\'' | '\u{2019}' | '\u{02BC}' | '\u{00AD}' | '\u{093C}' | '\u{09BC}' | '\u{0A3C}'
        | '\u{0ABC}' | '\u{0B3C}' | '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200F}'
        | '\u{FEFF}' => Kind::Silent,
        // The full stops of Indian scripts lie between their letters.
        '\u{0964}' | '\u{0965}' | '\u{0970}' => Kind::Gap,
        // Indian scripts; Thai, Lao, Tibetan, Burmese; Khmer; Korean.
        '\u{0900}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17B3}'
        | '\u{17B6}'..='\u{17D3}' | '\u{AC00}'..='\u{D7AF}'
        // Chinese and Japanese.
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{312F}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{3FFFD}' => Kind::Paired,
        c if c.is_alphanumeric() => Kind::Letter,
        _ => Kind::Gap,
    }
}

/// Brings full-width Latin to plain, Indian letters with a nukta to those without, and the consonants without a vowel of
/// Malayalam to how they were spelled before they had a letter of their own, in which a joiner is silent.
fn folded(c: char) -> impl Iterator<Item = char> {
    let virama = matches!(c, '\u{0D7A}'..='\u{0D7F}').then_some(VIRAMA);
    std::iter::once(plain(c)).chain(virama)
}

fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{0958}' => '\u{0915}',
        '\u{0959}' => '\u{0916}',
        '\u{095A}' => '\u{0917}',
        '\u{095B}' => '\u{091C}',
        '\u{095C}' => '\u{0921}',
        '\u{095D}' => '\u{0922}',
        '\u{095E}' => '\u{092B}',
        '\u{095F}' => '\u{092F}',
        '\u{09DC}' => '\u{09A1}',
        '\u{09DD}' => '\u{09A2}',
        '\u{09DF}' => '\u{09AF}',
        '\u{0D7A}' => '\u{0D23}',
        '\u{0D7B}' => '\u{0D28}',
        '\u{0D7C}' => '\u{0D30}',
        '\u{0D7D}' => '\u{0D32}',
        '\u{0D7E}' => '\u{0D33}',
        '\u{0D7F}' => '\u{0D15}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Piece {
        Piece::Word(text.to_owned())
    }

    fn run(text: &str) -> Piece {
        Piece::Run(text.to_owned())
    }

    #[test]
    fn punctuation_and_query_operators_are_gaps() {
        assert_eq!(
            pieces("T-Shirt (AND) \"x\":*~5 | men's"),
            ["t", "shirt", "and", "x", "5", "mens"].map(word)
        );
        assert_eq!(pieces("' % _ \\ \0 \u{1F600}"), []);
    }

    #[test]
    fn chinese_and_latin_in_one_name_are_told_apart() {
        assert_eq!(pieces("iPhone15充電線ＵＳＢ"), [word("iphone15"), run("充電線"), word("usb")]);
    }

    #[test]
    fn vowel_signs_do_not_cut_a_hindi_word() {
        assert_eq!(pieces("हिन्दी चाय।"), [run("हिन्दी"), run("चाय")]);
        assert_eq!(pieces("\u{095B}"), pieces("\u{091C}\u{093C}"), "with and without nukta");
    }

    #[test]
    fn digits_of_any_script_are_words() {
        assert_eq!(pieces("२५० ग्राम"), [word("२५०"), run("ग्राम")]);
        assert_eq!(pieces("ചായ൨"), [run("ചായ"), word("൨")]);
    }

    #[test]
    fn both_spellings_of_a_chillu_are_one() {
        for (old, new) in [
            ("അവന്\u{200d}", "അവൻ"),
            ("പാല്\u{200d}", "പാൽ"),
            ("അവര്\u{200d}", "അവർ"),
            ("ആള്\u{200d}", "ആൾ"),
            ("ആണ്\u{200d}", "ആൺ"),
            ("വാക്\u{200d}", "വാൿ"),
            ("എന്റെ", "എൻ്റെ"),
        ] {
            assert_eq!(pieces(old), pieces(new), "{new}");
        }
    }

    #[test]
    fn endless_words_are_cut_off() {
        assert_eq!(pieces(&"ä".repeat(5_000)), [word(&"ä".repeat(LONGEST_WORD))]);
    }
}

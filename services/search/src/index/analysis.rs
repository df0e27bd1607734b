//! Turns texts into the terms that are kept, and questions into the terms that are sought.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream,
};

use crate::domain::{Piece, digit, pieces, simplified, spoken, typed, with_plain_digits};

/// Words that say nothing about a product, so a question that has others goes without them.
const STOP_WORDS: [&str; 20] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on",
    "or", "that", "the", "to", "with",
];

/// A term that is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// A word with its stem.
    Word {
        /// The word, without accents.
        word: String,
        /// What is left of it without its English endings.
        stem: String,
        /// How many typing errors it may have.
        typos: u8,
        /// The same with plain digits, where it has others.
        plain: Option<String>,
        /// What other ways of writing it are kept under.
        likes: Vec<String>,
    },
    /// One or two neighbouring characters.
    Pair(Pair),
    /// A word of a script that is searched by pairs, of which is known how it sounds.
    Spoken {
        /// All of them are sought.
        pairs: Vec<Pair>,
        /// Or one of these words of Latin letters.
        words: Vec<String>,
        /// Or what one of these is kept under.
        likes: Vec<String>,
    },
}

/// One or two neighbouring characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub text: String,
    /// In simplified characters.
    pub simple: String,
}

/// The terms of a text, each kind divided by blanks.
#[derive(Debug, Default)]
pub struct Terms {
    /// The words, without accents.
    pub words: String,
    /// The stems of those words that are not their own stem.
    pub stems: String,
    /// Single characters and pairs of neighbours.
    pub pairs: String,
    /// Other ways of writing all these: words with plain digits, simplified characters, and how words sound, those in Latin
    /// letters behind [`TYPED`], so that they meet words in other scripts only.
    pub likes: String,
}

/// Marks how a word in Latin letters sounds. It stands in no word.
const TYPED: char = '=';

/// Finds terms.
pub struct Analyzer {
    folding: TextAnalyzer,
    stemming: TextAnalyzer,
}

impl Analyzer {
    /// Knows the endings of English.
    pub fn new() -> Self {
        let stemmer = Stemmer::new(Language::English);
        Self {
            folding: TextAnalyzer::builder(RawTokenizer::default())
                .filter(AsciiFoldingFilter)
                .build(),
            stemming: TextAnalyzer::builder(RawTokenizer::default()).filter(stemmer).build(),
        }
    }

    /// The terms under which a text is found.
    pub fn terms(&mut self, text: &str) -> Terms {
        let mut terms = Terms::default();
        for piece in pieces(text) {
            match piece {
                Piece::Word(word) => {
                    let word = self.fold(word);
                    let stem = self.stem(&word);
                    if stem != word {
                        append(&mut terms.stems, &stem);
                    }
                    if has_other_digits(&word) {
                        append(&mut terms.likes, &with_plain_digits(&word));
                    }
                    if let Some(sound) = typed(&word).filter(|sound| *sound != word) {
                        append(&mut terms.likes, &format!("{TYPED}{sound}"));
                    }
                    append(&mut terms.words, &word);
                }
                Piece::Run(run) => {
                    for one in grams(&run, 1).into_iter().chain(grams(&run, 2)) {
                        append(&mut terms.pairs, one);
                        let simple = simplified(one);
                        if simple != one {
                            append(&mut terms.likes, &simple);
                        }
                    }
                    for sound in spoken(&run) {
                        append(&mut terms.likes, &sound);
                    }
                }
            }
        }
        terms
    }

    /// The terms that a question asks for, each once.
    pub fn sought(&mut self, pieces: &[Piece]) -> Vec<Sought> {
        let mut all = Vec::new();
        for sought in pieces.iter().flat_map(|piece| self.sought_in(piece)) {
            if !all.contains(&sought) {
                all.push(sought);
            }
        }
        let telling: Vec<_> = all.iter().filter(|one| !is_stop_word(one)).cloned().collect();
        if telling.is_empty() { all } else { telling }
    }

    fn sought_in(&mut self, piece: &Piece) -> Vec<Sought> {
        match piece {
            Piece::Word(word) => {
                let word = self.fold(word.clone());
                let plain = with_plain_digits(&word);
                let number = word.chars().any(char::is_numeric).then(|| plain.clone());
                vec![Sought::Word {
                    stem: self.stem(&word),
                    typos: typos(&word),
                    plain: Some(plain).filter(|plain| *plain != word),
                    likes: typed(&word).into_iter().chain(number).collect(),
                    word,
                }]
            }
            Piece::Run(run) => {
                let size = run.chars().take(2).count();
                let pair = |text: &str| Pair { text: text.to_owned(), simple: simplified(text) };
                let pairs = grams(run, size).into_iter().map(pair);
                let words = spoken(run);
                if words.is_empty() {
                    return pairs.map(Sought::Pair).collect();
                }
                let typed = words.iter().map(|word| format!("{TYPED}{word}"));
                let likes = words.iter().cloned().chain(typed).collect();
                vec![Sought::Spoken { pairs: pairs.collect(), words, likes }]
            }
        }
    }

    fn fold(&mut self, word: String) -> String {
        if word.is_ascii() { word } else { only_token(&mut self.folding, &word) }
    }

    fn stem(&mut self, word: &str) -> String {
        if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            only_token(&mut self.stemming, word)
        } else {
            word.to_owned()
        }
    }
}

fn only_token(analyzer: &mut TextAnalyzer, word: &str) -> String {
    let mut tokens = analyzer.token_stream(word);
    if tokens.advance() { tokens.token().text.clone() } else { word.to_owned() }
}

fn has_other_digits(word: &str) -> bool {
    word.chars().any(|c| digit(c).is_some() && !c.is_ascii())
}

/// One error from five letters, two from nine, none in anything with digits.
fn typos(word: &str) -> u8 {
    if word.chars().any(char::is_numeric) {
        return 0;
    }
    match word.chars().count() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

fn is_stop_word(sought: &Sought) -> bool {
    match sought {
        Sought::Word { word, .. } => STOP_WORDS.contains(&word.as_str()),
        Sought::Pair(_) | Sought::Spoken { .. } => false,
    }
}

/// All parts of `run` of `size` neighbouring characters.
fn grams(run: &str, size: usize) -> Vec<&str> {
    let starts: Vec<_> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    starts.windows(size + 1).filter_map(|ends| run.get(*ends.first()?..*ends.last()?)).collect()
}

fn append(terms: &mut String, term: &str) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    terms.push_str(term);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pieces;

    #[test]
    fn words_lose_accents_and_are_kept_with_their_stems() {
        let terms = Analyzer::new().terms("Crème Brûlée Torches");
        assert_eq!(terms.words, "creme brulee torches");
        assert!(terms.stems.ends_with("torch"), "{}", terms.stems);
    }

    #[test]
    fn a_run_is_kept_as_characters_and_pairs_but_sought_as_pairs() {
        let mut analyzer = Analyzer::new();
        assert_eq!(analyzer.terms("充電線").pairs, "充 電 線 充電 電線");
        let pair = |text: &str, simple: &str| {
            Sought::Pair(Pair { text: text.to_owned(), simple: simple.to_owned() })
        };
        assert_eq!(
            analyzer.sought(&pieces("充電線")),
            [pair("充電", "充电"), pair("電線", "电线")]
        );
        assert_eq!(analyzer.sought(&pieces("線")), [pair("線", "线")]);
    }

    #[test]
    fn typing_errors_are_forgiven_by_length_and_never_in_numbers() {
        let allowed = |word| typos(word);
        assert_eq!(
            ["soap", "phone", "keyboards", "iphone15", "१२३४५"].map(allowed),
            [0, 1, 2, 0, 0]
        );
    }

    #[test]
    fn stop_words_are_sought_only_when_there_is_nothing_else() {
        let mut analyzer = Analyzer::new();
        assert_eq!(analyzer.sought(&pieces("shoes for the rain")).len(), 2);
        assert_eq!(analyzer.sought(&pieces("the the")).len(), 1, "and each once");
    }
}

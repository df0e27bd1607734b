//! Builds the query for a list of sought terms. Users have no query language: every term of
//! theirs is a term, whatever it looks like.
//!
//! Scores are made of whole numbers that depend on the document and the question alone, not on
//! how often a word occurs elsewhere. A product therefore keeps its place while others come and
//! go, which is what cursors rest upon.

use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Query, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Term};

use super::analysis::{Pair, Sought};
use super::text_index::{Fields, TextFields, slot_term};

/// What a term is worth, by where it was met. One term with a typing error always weighs less
/// than any without, for all 20 words of a question together.
const TITLE_WORD: Score = 1008.0;
const TITLE_STEM: Score = 1006.0;
const SELLER: Score = 1004.0;
const BODY_WORD: Score = 1003.0;
const BODY_STEM: Score = 1002.0;
const TITLE_BEGINNING: Score = 1001.0;
/// Written otherwise: with other digits, in simplified or traditional characters, in another script. All 20 words so are
/// worth less than with one of them as it was typed.
const TITLE_LIKE: Score = 754.0;
const BODY_LIKE: Score = 752.0;
const TITLE_ONE_TYPO: Score = 504.0;
const BODY_ONE_TYPO: Score = 502.0;
const TITLE_TWO_TYPOS: Score = 4.0;
const BODY_TWO_TYPOS: Score = 2.0;

/// Where terms are looked for, and how closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In all texts, with typing errors.
    Texts,
    /// In titles, letter by letter.
    Names,
    /// In titles, with typing errors; the last word may be unfinished.
    Beginnings,
}

/// A sought term, with the vendors whose names have it.
#[derive(Debug, Clone)]
pub struct Lead {
    pub sought: Sought,
    /// The slots of vendors whose products count as found.
    pub sellers: Vec<usize>,
}

/// The query for documents that have all of `leads`.
pub fn query(fields: &Fields, leads: &[Lead], reach: Reach) -> BooleanQuery {
    let last = leads.len().saturating_sub(1);
    let each = leads.iter().enumerate().map(|(at, lead)| {
        let mut ways = Ways { fields, reach, list: Vec::new() };
        match &lead.sought {
            Sought::Word { word, stem, typos, plain, likes } => {
                ways.exact(word, stem);
                ways.written_as(plain.as_slice());
                ways.like(likes);
                ways.mistyped(word, *typos);
                if reach == Reach::Beginnings && at == last {
                    ways.unfinished(word, *typos);
                    ways.unfinished_likes(likes);
                }
            }
            Sought::Pair(pair) => ways.pair(pair),
            Sought::Spoken { pairs, words, likes } => {
                ways.all(pairs);
                ways.written_as(words);
                ways.like(likes);
            }
        }
        ways.sold_by(&lead.sellers);
        let best: Box<dyn Query> = Box::new(DisjunctionMaxQuery::new(ways.list));
        best
    });
    BooleanQuery::intersection(each.collect())
}

/// The ways in which a document can have a term.
struct Ways<'a> {
    fields: &'a Fields,
    reach: Reach,
    list: Vec<Box<dyn Query>>,
}

impl Ways<'_> {
    fn exact(&mut self, word: &str, stem: &str) {
        self.word_in(self.fields.title, [TITLE_WORD, TITLE_STEM], word, stem);
        if self.reach == Reach::Texts {
            self.word_in(self.fields.body, [BODY_WORD, BODY_STEM], word, stem);
        }
    }

    fn word_in(&mut self, fields: TextFields, worth: [Score; 2], word: &str, stem: &str) {
        let [whole, stemmed] = worth;
        self.term(fields.words, word, whole);
        self.term(fields.stems, stem, stemmed);
        // A word that is its own stem is kept as a word only.
        if stem != word {
            self.term(fields.words, stem, stemmed);
        }
    }

    fn mistyped(&mut self, word: &str, typos: u8) {
        if self.reach == Reach::Names {
            return;
        }
        let worth = [(1, TITLE_ONE_TYPO, BODY_ONE_TYPO), (2, TITLE_TWO_TYPOS, BODY_TWO_TYPOS)];
        for (distance, title, body) in worth {
            if distance <= typos {
                self.near(self.fields.title.words, word, distance, title);
                if self.reach == Reach::Texts {
                    self.near(self.fields.body.words, word, distance, body);
                }
            }
        }
    }

    fn unfinished(&mut self, word: &str, typos: u8) {
        let term = Term::from_field_text(self.fields.title.words, word);
        self.push(FuzzyTermQuery::new_prefix(term.clone(), 0, true), TITLE_BEGINNING);
        if typos > 0 {
            self.push(FuzzyTermQuery::new_prefix(term, 1, true), TITLE_TWO_TYPOS);
        }
    }

    fn pair(&mut self, pair: &Pair) {
        for (fields, exact, like) in self.places() {
            self.term(fields.pairs, &pair.text, exact);
            self.term(fields.likes, &pair.simple, like);
            if pair.simple != pair.text {
                self.term(fields.pairs, &pair.simple, like);
            }
        }
    }

    /// Has every one of `pairs`.
    fn all(&mut self, pairs: &[Pair]) {
        let each = pairs.iter().map(|pair| {
            let mut ways = Ways { fields: self.fields, reach: self.reach, list: Vec::new() };
            ways.pair(pair);
            let best: Box<dyn Query> = Box::new(DisjunctionMaxQuery::new(ways.list));
            best
        });
        self.list.push(Box::new(BooleanQuery::intersection(each.collect())));
    }

    /// Has one of `words`, which is not what was typed, but the same.
    fn written_as(&mut self, words: &[String]) {
        for (fields, _, like) in self.places() {
            for word in words {
                self.term(fields.words, word, like);
            }
        }
    }

    fn like(&mut self, likes: &[String]) {
        for (fields, _, like) in self.places() {
            for one in likes {
                self.term(fields.likes, one, like);
            }
        }
    }

    /// Where to look, and what a term as it was typed and one that is like it are worth there.
    fn places(&self) -> Vec<(TextFields, Score, Score)> {
        let title = (self.fields.title, TITLE_WORD, TITLE_LIKE);
        let places = [title, (self.fields.body, BODY_WORD, BODY_LIKE)];
        let most = if self.reach == Reach::Texts { 2 } else { 1 };
        places.into_iter().take(most).collect()
    }

    fn unfinished_likes(&mut self, likes: &[String]) {
        for like in likes {
            let term = Term::from_field_text(self.fields.title.likes, like);
            self.push(FuzzyTermQuery::new_prefix(term, 0, true), TITLE_LIKE);
        }
    }

    fn sold_by(&mut self, sellers: &[usize]) {
        if !sellers.is_empty() {
            let owner = self.fields.owner;
            let terms = sellers.iter().map(|seller| slot_term(owner, *seller));
            self.push(TermSetQuery::new(terms), SELLER);
        }
    }

    fn term(&mut self, field: Field, text: &str, worth: Score) {
        let term = Term::from_field_text(field, text);
        self.push(TermQuery::new(term, IndexRecordOption::Basic), worth);
    }

    fn near(&mut self, field: Field, word: &str, distance: u8, worth: Score) {
        let term = Term::from_field_text(field, word);
        self.push(FuzzyTermQuery::new(term, distance, true), worth);
    }

    fn push(&mut self, way: impl Query, worth: Score) {
        self.list.push(Box::new(ConstScoreQuery::new(Box::new(way), worth)));
    }
}

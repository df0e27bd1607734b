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

use super::analysis::Sought;
use super::text_index::{Fields, TextFields, slot_term};

/// What a term is worth, by where it was met. One term with a typing error always weighs less
/// than any without, for all 20 words of a question together.
const TITLE_WORD: Score = 1008.0;
const TITLE_STEM: Score = 1006.0;
const SELLER: Score = 1004.0;
const BODY_WORD: Score = 1003.0;
const BODY_STEM: Score = 1002.0;
const TITLE_BEGINNING: Score = 1001.0;
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
            Sought::Word { word, stem, typos } => {
                ways.exact(word, stem);
                ways.mistyped(word, *typos);
                if reach == Reach::Beginnings && at == last {
                    ways.unfinished(word, *typos);
                }
            }
            Sought::Pair(pair) => ways.pair(pair),
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

    fn pair(&mut self, pair: &str) {
        self.term(self.fields.title.pairs, pair, TITLE_WORD);
        if self.reach == Reach::Texts {
            self.term(self.fields.body.pairs, pair, BODY_WORD);
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

//! The text index: which slots the words of a question lead to.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::query::Query;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use super::analysis::Analyzer;

mod matches;
use matches::Matches;

/// The memory in which new texts wait for a commit; the least that the engine takes.
const WRITER_BYTES: usize = 15_000_000;

/// The field that leads from a document back to its slot.
const SLOT: &str = "slot";

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    slot: Field,
    pub owner: Field,
    pub title: TextFields,
    /// All other texts.
    pub body: TextFields,
}

/// The terms of one text.
#[derive(Debug, Clone, Copy)]
pub struct TextFields {
    pub words: Field,
    pub stems: Field,
    /// Its characters and pairs of characters.
    pub pairs: Field,
    /// Other ways of writing it.
    pub likes: Field,
}

/// A text to be found.
#[derive(Debug)]
pub struct IndexEntry<'a> {
    /// What it leads to.
    pub slot: usize,
    pub owner: usize,
    pub title: &'a str,
    /// All other texts.
    pub body: &'a str,
}

/// A slot that a question leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub slot: usize,
    /// How well it matches; more is better.
    pub score: u32,
}

pub struct TextIndex {
    pub fields: Fields,
    writer: Mutex<TextWriter>,
    reader: IndexReader,
}

/// The one that changes a text index.
pub struct TextWriter {
    fields: Fields,
    engine: IndexWriter,
    analyzer: Analyzer,
    /// Which slots have a document. Deleting is dear, and most documents are new.
    held: HashSet<usize>,
    pending: u64,
}

impl TextIndex {
    /// Makes an empty index in memory.
    pub fn new() -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let fields = Fields {
            slot: schema.add_u64_field(SLOT, INDEXED | FAST),
            owner: schema.add_u64_field("owner", INDEXED),
            title: text_fields(&mut schema, "title"),
            body: text_fields(&mut schema, "body"),
        };
        let index = Index::create_in_ram(schema.build());
        let engine = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = TextWriter {
            fields,
            engine,
            analyzer: Analyzer::new(),
            held: HashSet::new(),
            pending: 0,
        };
        Ok(Self { fields, writer: Mutex::new(writer), reader })
    }

    /// Waits for the right to change the index.
    pub fn write(&self) -> MutexGuard<'_, TextWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes all changes so far visible, and says how many they were.
    pub fn commit(&self) -> Result<u64, TantivyError> {
        let mut writer = self.write();
        if writer.pending == 0 {
            return Ok(0);
        }
        writer.engine.commit()?;
        self.reader.reload()?;
        Ok(std::mem::take(&mut writer.pending))
    }

    /// Everything that meets `query`, in no order.
    pub fn find(&self, query: &dyn Query) -> Result<Vec<Match>, TantivyError> {
        self.reader.searcher().search(query, &Matches)
    }
}

impl TextWriter {
    /// Puts `entry` in the place of what its slot had before.
    pub fn put(&mut self, entry: &IndexEntry<'_>) -> Result<(), TantivyError> {
        self.remove(entry.slot);
        let mut document = TantivyDocument::new();
        document.add_u64(self.fields.slot, number(entry.slot));
        document.add_u64(self.fields.owner, number(entry.owner));
        self.add(&mut document, self.fields.title, entry.title);
        self.add(&mut document, self.fields.body, entry.body);
        self.engine.add_document(document)?;

        self.held.insert(entry.slot);
        self.pending += 1;
        Ok(())
    }

    /// Takes away what `slot` had.
    pub fn remove(&mut self, slot: usize) {
        if self.held.remove(&slot) {
            self.engine.delete_term(Term::from_field_u64(self.fields.slot, number(slot)));
            self.pending += 1;
        }
    }

    /// How many changes wait for a commit.
    pub fn pending(&self) -> u64 {
        self.pending
    }

    fn add(&mut self, document: &mut TantivyDocument, fields: TextFields, text: &str) {
        let terms = self.analyzer.terms(text);
        for (field, text) in [
            (fields.words, terms.words),
            (fields.stems, terms.stems),
            (fields.pairs, terms.pairs),
            (fields.likes, terms.likes),
        ] {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        }
    }
}

/// The term of `slot` in `field`.
pub fn slot_term(field: Field, slot: usize) -> Term {
    Term::from_field_u64(field, number(slot))
}

fn number(slot: usize) -> u64 {
    u64::try_from(slot).unwrap_or(u64::MAX)
}

fn text_fields(schema: &mut SchemaBuilder, name: &str) -> TextFields {
    // Scores are our own, so neither frequencies nor lengths are kept.
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let options = TextOptions::default().set_indexing_options(indexing);
    TextFields {
        words: schema.add_text_field(&format!("{name}_words"), options.clone()),
        stems: schema.add_text_field(&format!("{name}_stems"), options.clone()),
        pairs: schema.add_text_field(&format!("{name}_pairs"), options.clone()),
        likes: schema.add_text_field(&format!("{name}_likes"), options),
    }
}

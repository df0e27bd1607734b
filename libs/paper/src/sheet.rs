//! What stands on a document, as texts.

use jiff::Timestamp;

/// One document. What is left empty takes no room.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What it is, in large letters.
    pub title: String,
    /// Under the title, such as "Original for recipient".
    pub copy: String,
    /// A sentence that stands out, such as the one the law wants of a composition dealer.
    pub notice: Option<String>,
    /// Its number, with the title again on every later page and in the file's properties.
    pub number: String,
    /// Whose paper it is.
    pub issuer: Party,
    /// Names and values, three to a row.
    pub facts: Vec<(String, String)>,
    /// Whom it is about, side by side.
    pub blocks: Vec<Block>,
    /// The positions.
    pub table: Table,
    /// A small table at the foot, with its label.
    pub summary: Option<(String, Table)>,
    /// What adds up to the total.
    pub sums: Vec<(String, String)>,
    /// What the total is called.
    pub total_label: String,
    /// The total.
    pub total: String,
    /// A sentence beside the sums, such as the amount in words.
    pub words: Option<Words>,
    /// Small print.
    pub notes: Vec<String>,
    /// A square code at the foot.
    pub code: Option<Code>,
    /// For whom, by whom and when it was issued.
    pub signature: Option<Signature>,
    /// At the foot of every page.
    pub footer: String,
    /// The creation date in the file's properties.
    pub made_at: Option<Timestamp>,
}

/// A person or firm.
#[derive(Debug, Clone, Default)]
pub struct Party {
    /// The name.
    pub name: String,
    /// The address, a line each.
    pub lines: Vec<String>,
    /// Registrations, such as the GSTIN.
    pub marks: Vec<(String, String)>,
}

/// A party in a box of its own.
#[derive(Debug, Clone)]
pub struct Block {
    /// What the party is on this document, in capitals.
    pub label: String,
    /// The party.
    pub party: Party,
}

/// A sentence with a label.
#[derive(Debug, Clone)]
pub struct Words {
    /// In capitals.
    pub label: String,
    /// The sentence.
    pub text: String,
}

/// A square code.
#[derive(Debug, Clone)]
pub struct Code {
    /// What a scanner reads.
    pub text: String,
    /// What somebody who does not see it is told.
    pub says: String,
}

/// Three lines at the lower right.
#[derive(Debug, Clone)]
pub struct Signature {
    /// For whom.
    pub on_behalf: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
}

/// Rows under a heading.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The heading.
    pub columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// To which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// For texts.
    Left,
    /// For figures.
    Right,
}

/// How the cells of a column look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Like text.
    Plain,
    /// Paler.
    Quiet,
    /// Bolder.
    Strong,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub head: String,
    /// To which side its cells stand.
    pub side: Side,
    /// Whether it shares what the other columns leave; they are as wide as their cells.
    pub wide: bool,
    /// How its cells look.
    pub look: Look,
}

impl Column {
    /// A column of texts.
    pub fn left(head: impl Into<String>) -> Self {
        Self { head: head.into(), side: Side::Left, wide: false, look: Look::Plain }
    }

    /// A column of figures.
    pub fn right(head: impl Into<String>) -> Self {
        Self { side: Side::Right, ..Self::left(head) }
    }

    /// The same, sharing what the others leave.
    #[must_use]
    pub fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// The same with another look.
    #[must_use]
    pub fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }
}

/// What stands in one place of a table: a text, and maybe a smaller one under it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The one under it.
    pub under: Option<String>,
}

impl Cell {
    /// A text alone.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), under: None }
    }

    /// The same with `text` under it.
    #[must_use]
    pub fn under(self, text: impl Into<String>) -> Self {
        Self { under: Some(text.into()), ..self }
    }
}

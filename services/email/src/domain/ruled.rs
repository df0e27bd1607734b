//! Staff said no: to a seller, or to one of its products.

use contracts::vendor::Correction;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::text::one_line;

/// The longest title shown.
const LONGEST: usize = 120;
/// The longest reason shown: as long as staff may write it.
const LONGEST_REASON: usize = 500;

/// To what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// To an application.
    Application,
    /// To a seller who might sell so far.
    Seller,
    /// To a product that its seller proposed.
    Proposed { title: String },
    /// To a product on the shelf.
    Shelved { title: String },
}

/// What was decided, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    pub matter: Matter,
    /// In staff's words.
    pub reason: String,
    /// What is to be corrected, each a place and why.
    #[serde(default)]
    pub corrections: Vec<(String, String)>,
}

impl Ruled {
    #[must_use]
    pub fn of(matter: Matter, reason: &str) -> Self {
        Self { matter, reason: one_line(reason, LONGEST_REASON), corrections: Vec::new() }
    }

    /// The same with what is to be corrected.
    #[must_use]
    pub fn asking(mut self, corrections: &[Correction]) -> Self {
        let line = |asked: &Correction| (place(&asked.at), one_line(&asked.why, LONGEST_REASON));
        self.corrections = corrections.iter().map(line).collect();
        self
    }

    /// What its mail is about.
    pub const fn kind(&self) -> Kind {
        match self.matter {
            Matter::Application => Kind::SellerRejected,
            Matter::Seller => Kind::SellerSuspended,
            Matter::Proposed { .. } => Kind::ProductRejected,
            Matter::Shelved { .. } => Kind::ProductUnlisted,
        }
    }

    pub fn subject(&self) -> String {
        match &self.matter {
            Matter::Application => "Your application was turned down".into(),
            Matter::Seller => "Your shop may not sell for now".into(),
            Matter::Proposed { title } => format!("Not put on the shelf: {title}"),
            Matter::Shelved { title } => format!("Taken off the shelf: {title}"),
        }
    }

    /// The product's name, where it is about one.
    pub fn title(&self) -> Option<&str> {
        match &self.matter {
            Matter::Application | Matter::Seller => None,
            Matter::Proposed { title } | Matter::Shelved { title } => Some(title),
        }
    }
}

/// A place of an application in words: `/documents/bank_proof` is the document `bank proof`.
fn place(at: &str) -> String {
    let words = one_line(at, LONGEST).replace('_', " ");
    match words.strip_prefix("/documents/") {
        Some(kind) => format!("Document {kind}"),
        None => words.trim_start_matches('/').to_owned(),
    }
}

impl Matter {
    /// A product that was turned down as a proposal.
    #[must_use]
    pub fn proposed(title: &str) -> Self {
        Self::Proposed { title: one_line(title, LONGEST) }
    }

    /// A product that was taken off the shelf.
    #[must_use]
    pub fn shelved(title: &str) -> Self {
        Self::Shelved { title: one_line(title, LONGEST) }
    }
}

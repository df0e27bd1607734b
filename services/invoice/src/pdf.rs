//! Sets an invoice as a PDF. The same invoice gives the same bytes, always and everywhere.

mod code;
mod date;
mod fonts;
mod layout;
mod line;
mod page;
mod sheet;
mod text;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use krilla::Document;
use krilla::metadata::Metadata;
use tokio::{sync::Semaphore, task};

use self::fonts::{Case, Faces};
use self::sheet::Sheet;
use crate::domain::invoice::Invoice;

const CODE_SAYS: &str = "QR code with the particulars of this document";

/// Why a document could not be set.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RenderError {
    /// A font in the program cannot be read.
    #[error("a font cannot be read")]
    Fonts,
    /// The square code cannot hold the facts.
    #[error("the code cannot be drawn: {0}")]
    Code(String),
    /// The file cannot be written.
    #[error("the file cannot be written: {0}")]
    File(String),
    /// The setting broke off, because it panicked or the service is stopping.
    #[error("the setting broke off")]
    BrokeOff,
}

/// Prints invoices, a few at a time: setting one keeps a core busy.
#[derive(Clone)]
pub struct Press {
    case: Arc<Case>,
    turns: Arc<Semaphore>,
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press").field("turns", &self.turns).finish_non_exhaustive()
    }
}

impl Press {
    /// Opens the faces that every document needs. At most `at_once` documents are printed at a time; `east_asian` is
    /// the file with the face for Chinese, Japanese and Korean, which is read when a document needs it.
    pub fn open(at_once: usize, east_asian: PathBuf) -> Result<Self, RenderError> {
        let case = Arc::new(Case::open(east_asian)?);
        Ok(Self { case, turns: Arc::new(Semaphore::new(at_once)) })
    }

    /// Waits for its turn and renders `invoice` on a thread that may block.
    pub async fn print(&self, invoice: Arc<Invoice>) -> Result<Vec<u8>, RenderError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| RenderError::BrokeOff)?;
        let press = self.clone();
        let printing = task::spawn_blocking(move || {
            // Moved in here, so that a caller who stops waiting does not let another one start.
            let _turn = turn;
            press.render(&invoice)
        });
        printing.await.map_err(|_| RenderError::BrokeOff)?
    }

    /// Renders `invoice` on the thread of the caller.
    pub fn render(&self, invoice: &Invoice) -> Result<Vec<u8>, RenderError> {
        let sheet = Sheet::of(invoice);
        let faces = Faces::of(&self.case);
        let pages = layout::set(&faces, &sheet, &code::draw(invoice)?);
        let file = page::bind(pages, CODE_SAYS);
        let mut file: Document = file.ok_or_else(|| RenderError::File("page size".to_owned()))?;
        file.set_metadata(properties(invoice, &sheet));
        file.finish().map_err(|error| RenderError::File(format!("{error:?}")))
    }
}

fn properties(invoice: &Invoice, sheet: &Sheet) -> Metadata {
    let particulars = &invoice.particulars;
    let properties = Metadata::new()
        .title(format!("{} {}", sheet.title, sheet.number))
        .authors(vec![sheet.seller.name.clone()])
        .creator("Mall".to_owned())
        .language("en-IN".to_owned())
        .document_id(format!("{} {}", particulars.supplier.legal_name, particulars.number));
    match date::of_file(particulars.issued_at) {
        Some(at) => properties.creation_date(at),
        None => properties,
    }
}

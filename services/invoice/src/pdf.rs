//! Sets an invoice as a PDF. The same invoice gives the same bytes, always and everywhere.

mod code;
mod date;
mod sheet;
mod text;
mod world;

use std::sync::Arc;

use tokio::{sync::Semaphore, task};
use typst::{
    diag::{SourceDiagnostic, Warned},
    foundations::Smart,
};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use self::{
    sheet::Sheet,
    world::{Desk, Stock},
};
use crate::domain::invoice::Invoice;

/// For how many further documents the typesetter remembers parts of one. If it never forgot, its
/// memory would grow and each document would take longer than the one before.
const REMEMBERED: usize = 4;

/// Why a document could not be set.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RenderError {
    /// A font in the program cannot be read.
    #[error("a font cannot be read")]
    Fonts,
    /// The square code cannot hold the facts.
    #[error("the code cannot be drawn: {0}")]
    Code(String),
    /// The data cannot be written as JSON.
    #[error("the data cannot be written: {0}")]
    Data(String),
    /// The template does not work with the data.
    #[error("the template does not work: {0}")]
    Template(String),
    /// The setting broke off, because it panicked or the service is stopping.
    #[error("the setting broke off")]
    BrokeOff,
}

/// Prints invoices, a few at a time: setting one keeps a core busy.
#[derive(Debug, Clone)]
pub struct Press {
    stock: Arc<Stock>,
    turns: Arc<Semaphore>,
}

impl Press {
    /// Loads fonts and template. At most `at_once` documents are printed at a time.
    pub fn open(at_once: usize) -> Result<Self, RenderError> {
        let stock = Arc::new(Stock::load()?);
        Ok(Self { stock, turns: Arc::new(Semaphore::new(at_once)) })
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
        let sheet = serde_json::to_vec(&Sheet::of(invoice))
            .map_err(|error| RenderError::Data(error.to_string()))?;
        let desk = Desk::new(&self.stock, sheet, code::draw(invoice)?);
        let set = set(&desk, &options(invoice));
        comemo::evict(REMEMBERED);
        set
    }
}

fn set(desk: &Desk<'_>, options: &PdfOptions) -> Result<Vec<u8>, RenderError> {
    let Warned { output, .. } = typst::compile::<PagedDocument>(desk);
    let document = output.map_err(|errors| template_error(&errors))?;
    typst_pdf::pdf(&document, options).map_err(|errors| template_error(&errors))
}

fn options(invoice: &Invoice) -> PdfOptions {
    let particulars = &invoice.particulars;
    let name = format!("{} {}", particulars.supplier.legal_name, particulars.number);
    PdfOptions {
        ident: Smart::Custom(name),
        creator: Smart::Custom(Some("Mall".to_owned())),
        timestamp: date::of_file(particulars.issued_at),
        ..PdfOptions::default()
    }
}

fn template_error(errors: &[SourceDiagnostic]) -> RenderError {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    RenderError::Template(messages.join("; "))
}

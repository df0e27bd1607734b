//! Prints a document: what stands where is `sheet`, how it looks is `paper`.

mod commission;
mod sheet;

use std::path::PathBuf;
use std::sync::Arc;

pub use paper::RenderError;

use crate::domain::commission::CommissionPaper;
use crate::domain::invoice::Invoice;

/// Prints invoices, a few at a time.
#[derive(Debug, Clone)]
pub struct Press(paper::Press);

impl Press {
    /// Opens the faces that every document needs. At most `at_once` documents are printed at a time; `east_asian` is
    /// the file with the face for Chinese, Japanese and Korean, which is read when a document needs it.
    pub fn open(at_once: usize, east_asian: PathBuf) -> Result<Self, RenderError> {
        Ok(Self(paper::Press::open(at_once, east_asian)?))
    }

    /// Waits for its turn and renders `invoice` on a thread that may block.
    pub async fn print(&self, invoice: Arc<Invoice>) -> Result<Vec<u8>, RenderError> {
        self.0.print(move || sheet::of(&invoice)).await
    }

    /// The same for a document of the platform.
    pub async fn print_commission(
        &self,
        paper: Arc<CommissionPaper>,
    ) -> Result<Vec<u8>, RenderError> {
        self.0.print(move || commission::of(&paper)).await
    }

    /// Renders `invoice` on the thread of the caller.
    pub fn render(&self, invoice: &Invoice) -> Result<Vec<u8>, RenderError> {
        self.0.render(&sheet::of(invoice))
    }
}

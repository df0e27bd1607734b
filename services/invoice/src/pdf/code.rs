//! The square code at the foot: the facts an accountant would otherwise type off the paper.

use qrcode::{Color, EcLevel, QrCode};

use super::{RenderError, date::iso_day};
use crate::domain::invoice::Invoice;

/// The code of one document.
#[derive(Debug)]
pub struct Code {
    /// How many cells it is wide and high.
    pub side: usize,
    /// Whether a cell is dark, row by row.
    pub cells: Vec<bool>,
}

/// Draws the code of `invoice`.
pub fn draw(invoice: &Invoice) -> Result<Code, RenderError> {
    let code = QrCode::with_error_correction_level(facts(invoice), EcLevel::M)
        .map_err(|error| RenderError::Code(error.to_string()))?;
    let side = code.width();
    let cells = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Code { side, cells })
}

fn facts(invoice: &Invoice) -> String {
    let particulars = &invoice.particulars;
    let gstin = particulars.supplier.registration.gstin();
    format!(
        "GSTIN {}\nNumber {}\nDate {}\nTotal INR {}",
        gstin.map_or("none", |gstin| gstin.as_str()),
        particulars.number,
        iso_day(particulars.issued_at),
        invoice.total().decimal(),
    )
}

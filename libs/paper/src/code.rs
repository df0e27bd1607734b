//! The square code at the foot.

use qrcode::{Color, EcLevel, QrCode};

use crate::error::RenderError;

/// The code of one document.
#[derive(Debug)]
pub struct Cells {
    /// How many cells it is wide and high.
    pub side: usize,
    /// Whether a cell is dark, row by row.
    pub cells: Vec<bool>,
}

/// Draws the code that reads `text`.
pub fn draw(text: &str) -> Result<Cells, RenderError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| RenderError::Code(error.to_string()))?;
    let side = code.width();
    let cells = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Cells { side, cells })
}

//! The square code at the foot: the facts an accountant would otherwise type off the paper.

use qrcode::{EcLevel, QrCode, render::svg::Color};

use super::{RenderError, date::iso_day};
use crate::domain::invoice::Invoice;

/// Draws the code of `invoice` as SVG.
pub fn draw(invoice: &Invoice) -> Result<String, RenderError> {
    let code = QrCode::with_error_correction_level(facts(invoice), EcLevel::M)
        .map_err(|error| RenderError::Code(error.to_string()))?;
    // The template leaves more room around the code than scanners ask for.
    Ok(code.render::<Color<'_>>().quiet_zone(false).module_dimensions(1, 1).build())
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

//! Sealing what only this service may read, and opening it to show a part.

use chassis::Sealer;
use chassis::seal::SealError;
use kernel::{Pan, VendorId};

use crate::domain::bank::AccountNumber;
use crate::domain::vendor::{Sealed, Vendor};

/// What may be shown of the sealed numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    pub pan: String,
    pub account_number: String,
}

/// Bound to seller and column, so that a sealed value is worth nothing in another row.
fn context(id: VendorId, column: &str) -> String {
    format!("{id}:{column}")
}

pub fn seal(
    sealer: &Sealer,
    id: VendorId,
    pan: &Pan,
    account_number: &AccountNumber,
) -> Result<Sealed, SealError> {
    let seal = |text: &str, column: &str| sealer.seal(text.as_bytes(), &context(id, column));
    Ok(Sealed {
        pan: seal(pan.as_str(), "pan")?,
        account_number: seal(account_number.as_str(), "account_number")?,
    })
}

/// Opens the numbers of a seller as far as they are shown.
pub fn masked(sealer: &Sealer, vendor: &Vendor) -> Result<Masked, SealError> {
    let open = |sealed: &str, column: &str| -> Result<String, SealError> {
        let bytes = sealer.open(sealed, &context(vendor.id, column))?;
        String::from_utf8(bytes).map_err(|_| SealError)
    };
    let pan = open(&vendor.sealed.pan, "pan")?;
    let account_number = open(&vendor.sealed.account_number, "account_number")?;
    Ok(Masked {
        pan: Pan::parse(&pan).map_err(|_| SealError)?.masked().into_owned(),
        account_number: AccountNumber::parse(&account_number).map_err(|_| SealError)?.masked(),
    })
}

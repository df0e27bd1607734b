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

/// Seals the number of a bank account alone.
pub fn seal_account(
    sealer: &Sealer,
    id: VendorId,
    number: &AccountNumber,
) -> Result<String, SealError> {
    sealer.seal(number.as_str().as_bytes(), &context(id, "account_number"))
}

/// Opens the number of a seller's bank account, for whoever pays it.
pub fn account_number(sealer: &Sealer, vendor: &Vendor) -> Result<AccountNumber, SealError> {
    let bytes =
        sealer.open(&vendor.sealed.account_number, &context(vendor.id, "account_number"))?;
    let digits = String::from_utf8(bytes).map_err(|_| SealError)?;
    AccountNumber::parse(&digits).map_err(|_| SealError)
}

/// Opens the permanent account number of a seller, for whoever pays its tax.
pub fn pan(sealer: &Sealer, id: VendorId, number: &str) -> Result<Pan, SealError> {
    let bytes = sealer.open(number, &context(id, "pan"))?;
    let text = String::from_utf8(bytes).map_err(|_| SealError)?;
    Pan::parse(&text).map_err(|_| SealError)
}

/// Opens the numbers of a seller as far as they are shown.
pub fn masked(sealer: &Sealer, vendor: &Vendor) -> Result<Masked, SealError> {
    Ok(Masked {
        pan: pan(sealer, vendor.id, &vendor.sealed.pan)?.masked().into_owned(),
        account_number: account_number(sealer, vendor)?.masked(),
    })
}

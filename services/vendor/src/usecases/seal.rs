//! Sealing what only this service may read, opening it to show a part, and marking it so that equal numbers are found.

use chassis::Sealer;
use chassis::seal::SealError;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Pan, VendorId};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::domain::bank::{AccountNumber, Payee};
use crate::domain::vendor::{Sealed, Vendor};

/// What seals and marks numbers.
#[derive(Debug)]
pub struct Seals {
    sealer: Sealer,
    secret: SecretString,
}

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

impl Seals {
    pub fn new(secret: &SecretString) -> Result<Self, SealError> {
        Ok(Self { sealer: Sealer::new(secret)?, secret: secret.clone() })
    }

    fn seal(&self, id: VendorId, column: &str, text: &str) -> Result<String, SealError> {
        self.sealer.seal(text.as_bytes(), &context(id, column))
    }

    fn open(&self, id: VendorId, column: &str, sealed: &str) -> Result<String, SealError> {
        let bytes = self.sealer.open(sealed, &context(id, column))?;
        String::from_utf8(bytes).map_err(|_| SealError)
    }

    /// Equal for equal numbers, and worth nothing without the key: there are too few numbers for a plain hash.
    fn mark(&self, column: &str, text: &str) -> Result<String, SealError> {
        let secret = self.secret.expose_secret().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| SealError)?;
        mac.update(format!("mark:{column}:{text}").as_bytes());
        Ok(hex::encode(mac.finalize().into_bytes()))
    }

    /// Puts a permanent account number under its seal.
    pub fn put_pan(&self, id: VendorId, into: &mut Sealed, pan: &Pan) -> Result<(), SealError> {
        into.pan = self.seal(id, "pan", pan.as_str())?;
        into.pan_mark = Some(self.mark("pan", pan.as_str())?);
        Ok(())
    }

    /// Puts the number of a bank account under its seal. Banks number their accounts by themselves.
    pub fn put_account(
        &self,
        id: VendorId,
        into: &mut Sealed,
        number: &AccountNumber,
        payee: &Payee,
    ) -> Result<(), SealError> {
        into.account_number = self.seal(id, "account_number", number.as_str())?;
        let account = format!("{}:{}", payee.ifsc.bank(), number.as_str());
        into.account_mark = Some(self.mark("account", &account)?);
        Ok(())
    }

    /// Opens the number of a seller's bank account, for whoever pays it.
    pub fn account_number(&self, vendor: &Vendor) -> Result<AccountNumber, SealError> {
        let digits = self.open(vendor.id, "account_number", &vendor.sealed.account_number)?;
        AccountNumber::parse(&digits).map_err(|_| SealError)
    }

    /// Opens the permanent account number of a seller, for whoever pays its tax.
    pub fn pan(&self, id: VendorId, sealed: &str) -> Result<Pan, SealError> {
        Pan::parse(&self.open(id, "pan", sealed)?).map_err(|_| SealError)
    }

    /// Opens the numbers of a seller as far as they are shown.
    pub fn masked(&self, vendor: &Vendor) -> Result<Masked, SealError> {
        Ok(Masked {
            pan: self.pan(vendor.id, &vendor.sealed.pan)?.masked().into_owned(),
            account_number: self.account_number(vendor)?.masked(),
        })
    }
}

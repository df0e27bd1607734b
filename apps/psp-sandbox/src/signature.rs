//! The two signatures a merchant has to check: over a webhook's bytes, and over a checkout.

use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs with one secret: lower-case hexadecimal HMAC-SHA256.
#[derive(Clone)]
pub struct Signer {
    keyed: Hmac<Sha256>,
}

impl Signer {
    /// A signer for `secret`.
    pub fn try_new(secret: &str) -> Result<Self, InvalidLength> {
        Ok(Self { keyed: Hmac::new_from_slice(secret.as_bytes())? })
    }

    /// Signs the bytes as they are; `X-Razorpay-Signature` when the secret is the webhook's.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        let mut keyed = self.keyed.clone();
        keyed.update(message);
        hex::encode(keyed.finalize().into_bytes())
    }

    /// Signs a finished checkout; the secret is the API key's, not the webhook's.
    #[must_use]
    pub fn checkout(&self, order_id: &str, payment_id: &str) -> String {
        self.sign(format!("{order_id}|{payment_id}").as_bytes())
    }
}

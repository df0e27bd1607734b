//! The signature a merchant has to check: over a webhook's bytes.

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

    /// Signs the bytes as they are, for `X-Razorpay-Signature`.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut keyed = self.keyed.clone();
        keyed.update(message);
        hex::encode(keyed.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::Signer;

    #[test]
    fn a_signature_is_the_published_one() {
        let signer = Signer::try_new("123456").unwrap();
        assert_eq!(
            signer.sign(br#"{"a":1,"b":2,"c":{"d":3}}"#),
            "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc"
        );
    }
}

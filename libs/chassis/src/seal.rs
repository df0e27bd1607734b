//! Sealing: AES-256-GCM with a random nonce, for what must not lie open in Kafka or in a job row.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// What was to be sealed or opened cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the seal does not open")]
pub struct SealError;

/// A key that two services share, or one keeps for itself.
pub struct Sealer(RandomizedNonceKey);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(..)")
    }
}

impl Sealer {
    /// A sealer from a secret of at least 32 characters of entropy; the key is its SHA-256.
    pub fn new(secret: &SecretString) -> Result<Self, SealError> {
        let key = Sha256::digest(secret.expose_secret().as_bytes());
        RandomizedNonceKey::new(&AES_256_GCM, &key).map(Self).map_err(|_| SealError)
    }

    /// Seals `text`, bound to `associated`: it opens only together with the same.
    pub fn seal(&self, text: &[u8], associated: &str) -> Result<String, SealError> {
        let mut sealed = text.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(associated.as_bytes()), &mut sealed)
            .map_err(|_| SealError)?;
        let mut bytes = nonce.as_ref().to_vec();
        bytes.append(&mut sealed);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens what [`Self::seal`] made.
    pub fn open(&self, sealed: &str, associated: &str) -> Result<Vec<u8>, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealError)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce =
            aws_lc_rs::aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut text = sealed.to_vec();
        let text = self
            .0
            .open_in_place(nonce, Aad::from(associated.as_bytes()), &mut text)
            .map_err(|_| SealError)?;
        Ok(text.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::{SealError, Sealer};

    #[test]
    fn a_seal_opens_with_its_own_context_only() {
        let sealer = Sealer::new(&"0123456789abcdef0123456789abcdef".to_owned().into()).unwrap();
        let letter = sealer.seal(b"123456", "challenge-1").unwrap();
        assert!(!letter.contains("123456"));
        assert_eq!(sealer.open(&letter, "challenge-1").unwrap(), b"123456");
        assert_eq!(sealer.open(&letter, "challenge-2"), Err(SealError));
        assert_eq!(sealer.open("AAAA", "challenge-1"), Err(SealError));
        assert_ne!(letter, sealer.seal(b"123456", "challenge-1").unwrap());
    }
}

//! Tells a webhook of the provider from anybody else's: by an HMAC-SHA256, compared in constant time.

use std::fmt;

use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The secrets that webhooks may be signed with.
pub struct Secrets {
    keyed: Vec<Hmac<Sha256>>,
}

/// Why secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadSecret {
    /// Anybody could sign with it.
    #[error("a secret is empty")]
    Empty,
    /// It cannot be a key.
    #[error("a secret cannot be a key")]
    Length(#[from] InvalidLength),
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Secrets").field(&self.keyed.len()).finish()
    }
}

impl Secrets {
    /// The current secret, and the one before it while its signatures may still come.
    pub fn try_new(
        current: &SecretString,
        previous: Option<&SecretString>,
    ) -> Result<Self, BadSecret> {
        let keyed = std::iter::once(current).chain(previous).map(|secret| {
            let secret = secret.expose_secret();
            if secret.is_empty() {
                return Err(BadSecret::Empty);
            }
            Ok(Hmac::new_from_slice(secret.as_bytes())?)
        });
        Ok(Self { keyed: keyed.collect::<Result<_, _>>()? })
    }

    /// Whether `signature` was made over exactly these bytes, one part after the other.
    pub fn signed(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.keyed.iter().any(|keyed| {
            let mut keyed = keyed.clone();
            for part in parts {
                keyed.update(part);
            }
            keyed.verify_slice(signature).is_ok()
        })
    }
}

#[cfg(test)]
mod tests;

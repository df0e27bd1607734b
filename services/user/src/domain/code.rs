//! Sign-in codes, and the only form in which they are kept.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand::{CryptoRng, Rng};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::Error as _;
use sha2::Sha256;

/// What a code is good for. A code for one purpose proves nothing for another.
pub const SIGN_IN: &str = "sign-in";

#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A new code, every one equally likely.
    pub fn mint(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self(format!("{:06}", rng.random_range(0..1_000_000_u32)))
    }

    /// Reads exactly six ASCII digits.
    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        if raw.len() == 6 && raw.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err("code: must be six digits")
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The secret without which stored codes cannot be guessed through.
#[derive(Debug)]
pub struct Pepper(SecretString);

impl Pepper {
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// The form in which `code` is kept: bound to its challenge, its account and its purpose.
    pub fn mark(&self, challenge: &str, account_key: &str, purpose: &str, code: &Code) -> String {
        self.mac(&["code", challenge, account_key, purpose, code.as_str()])
    }

    /// A name for an account under which its failures are counted without saying whose they are.
    pub fn blind(&self, account_key: &str) -> String {
        self.mac(&["account", account_key])
    }

    /// HMAC-SHA-256. None of the parts can contain a line break, so no two lists of parts look alike.
    fn mac(&self, parts: &[&str]) -> String {
        let key = self.0.expose_secret().as_bytes();
        // HMAC takes keys of any length, so the other arm is never reached.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
        mac.update(parts.join("\n").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests;
